// Files that the kubelet and the runtime write for every pod: /etc/hosts, /etc/hostname, /etc/resolv.conf.
import type { Pod } from '../api/index.ts';

export interface PodFacts {
  /** Of the pod. */
  ips: readonly string[];
  /** The cluster's name server. Default `10.96.0.10`. */
  dnsAddress?: string | undefined;
  hostname: string;
  /** The node's own files, for pods on its network and with its DNS. */
  hostFile(path: string): string;
  /** `containerd` or `docker`: they order resolv.conf differently. */
  runtime: string;
}

const clusterDomain = 'cluster.local';

/** What a pod calls itself: its name, cut to what the kernel takes. */
export const hostnameOf = ({ metadata, spec }: Pod): string => spec.hostname ?? metadata.name.slice(0, 63).replace(/[-.]+$/, '');

export function hostsFile({ metadata, spec }: Pod, { ips, hostname, hostFile }: PodFacts): string {
  const aliases = spec.hostAliases?.length ? `\n# Entries added by HostAliases.\n${spec.hostAliases.map((a) => `${a.ip}\t${(a.hostnames ?? []).join('\t')}\n`).join('')}` : '';
  if (spec.hostNetwork) return `# Kubernetes-managed hosts file (host network).\n${hostFile('/etc/hosts')}${aliases}`;
  const name = spec.subdomain ? `${hostname}.${spec.subdomain}.${metadata.namespace}.svc.${clusterDomain}\t${hostname}` : hostname;
  return `# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\nfe00::0\tip6-mcastprefix\nfe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n${ips.map((ip) => `${ip}\t${name}\n`).join('')}${aliases}`;
}

interface Resolver {
  servers: string[];
  searches: string[];
  options: string[];
}

/** Follows pkg/kubelet/network/dns: the policy's servers, then what dnsConfig adds. */
export function resolverFile(pod: Pod, { hostFile, runtime, dnsAddress }: Pick<PodFacts, 'hostFile' | 'runtime' | 'dnsAddress'>): string {
  const { servers, searches, options } = resolverOf(pod, hostFile, dnsAddress);
  const search = searches.length > 0 ? `search ${searches.join(' ')}\n` : '';
  const nameservers = servers.map((server) => `nameserver ${server}\n`).join('');
  const last = options.length > 0 ? `options ${options.join(' ')}\n` : '';
  return runtime === 'docker' ? nameservers + search + last : search + nameservers + last;
}

function resolverOf({ metadata, spec }: Pod, hostFile: PodFacts['hostFile'], dnsAddress = '10.96.0.10'): Resolver {
  const { dnsPolicy = 'ClusterFirst', dnsConfig } = spec;
  const cluster = dnsPolicy === 'ClusterFirstWithHostNet' || (dnsPolicy === 'ClusterFirst' && !spec.hostNetwork);
  const base: Resolver = cluster
    ? { servers: [dnsAddress], searches: [`${metadata.namespace}.svc.${clusterDomain}`, `svc.${clusterDomain}`, clusterDomain], options: ['ndots:5'] }
    : dnsPolicy === 'None'
      ? { servers: [], searches: [], options: [] }
      : { servers: [...hostFile('/etc/resolv.conf').matchAll(/^nameserver (\S+)/gm)].map((m) => m[1]!), searches: [], options: [] };
  const options = new Map<string, string | undefined>(base.options.map((option) => option.split(':') as [string, string]));
  for (const { name, value } of dnsConfig?.options ?? []) if (name) options.set(name, value);
  return {
    servers: [...new Set([...base.servers, ...(dnsConfig?.nameservers ?? [])])],
    searches: [...new Set([...base.searches, ...(dnsConfig?.searches ?? [])])],
    options: [...options].map(([name, value]) => (value === undefined ? name : `${name}:${value}`)),
  };
}
