// What CoreDNS answers for the cluster's own domain (its plugin kubernetes, as kubeadm configures it), from Services and slices.
// Follows the specification "Kubernetes DNS-Based Service Discovery" 1.1.0.
import { type EndpointSlice, parseIP, type Service } from '../../api/index.ts';
import type { DnsAnswer, DnsQuestion, DnsRecord } from '../../machine/index.ts';

export interface DnsSource {
  readonly domain: string;
  service(namespace: string, name: string): Service | undefined;
  slices(service: string): Iterable<EndpointSlice>;
  hasNamespace(name: string): boolean;
}

/** Seconds; kubeadm's Corefile says so. */
const ttl = 30;
const specification = '1.1.0';

const none: DnsAnswer = { rcode: 'NXDOMAIN', records: [] };
const empty: DnsAnswer = { rcode: 'NOERROR', records: [] };
const found = (records: DnsRecord[]): DnsAnswer => ({ rcode: 'NOERROR', records });

/** `name` is absolute, in lower case, without the dot at its end, and ends with the domain. */
export function answer({ name, type }: DnsQuestion, source: DnsSource): DnsAnswer {
  const labels = name === source.domain ? [] : name.slice(0, -source.domain.length - 1).split('.').reverse();
  const [kind, namespace, ...rest] = labels;
  if (kind === undefined) return empty;
  if (kind === 'dns-version' && labels.length === 1) return type === 'TXT' ? found([{ name, type, ttl, data: specification }]) : empty;
  if (kind !== 'svc' && kind !== 'pod') return none;
  if (namespace === undefined) return empty;
  if (kind === 'svc' && rest.length > 0) return serviceAnswer({ name, type }, namespace, rest, source);
  if (!source.hasNamespace(namespace)) return none;
  return rest.length === 0 ? empty : podAnswer({ name, type }, rest);
}

/** `10-244-1-3.default.pod.cluster.local`, of IPv6 with dashes for the colons: CoreDNS believes every address, as kube-dns did (`pods insecure`). */
function podAnswer({ name, type }: DnsQuestion, [dashed = '', ...more]: readonly string[]): DnsAnswer {
  const ip = dashed.replaceAll('-', /^[^-]+(-[^-]+){3}$/.test(dashed) ? '.' : ':');
  if (more.length > 0 || parseIP(ip) === undefined) return none;
  return type === (ip.includes(':') ? 'AAAA' : 'A') ? found([{ name, type, ttl, data: ip }]) : empty;
}

interface Target {
  /** Name of its own, for SRV records. */
  name: string;
  ip: string;
  port: number;
}

function serviceAnswer(question: DnsQuestion, namespace: string, [serviceName = '', ...rest]: readonly string[], source: DnsSource): DnsAnswer {
  const service = source.service(namespace, serviceName);
  if (!service) return none;
  const { name, type } = question;
  if (service.spec.type === 'ExternalName') return rest.length > 0 ? none : found([{ name, type: 'CNAME', ttl, data: service.spec.externalName! }]);
  const wanted = wantedOf(rest);
  if (!wanted) return none;
  const full = `${serviceName}.${namespace}.svc.${source.domain}`;
  const headless = service.spec.clusterIP === 'None' || wanted.endpoint !== undefined;
  const targets = (headless ? endpointTargets(service, full, source) : clusterTargets(service, full)).filter((target) => matches(target, wanted));
  if (targets.length === 0) return none;
  return type === 'SRV' ? srv(name, targets) : found(addresses(name, type, targets));
}

interface Wanted {
  endpoint?: string;
  port?: string;
  protocol?: string;
}

/** What stands before the name of the service: nothing, an endpoint, or `_port._protocol`. The labels come in reverse. */
function wantedOf(rest: readonly string[]): Wanted | undefined {
  if (rest.length === 0) return {};
  if (rest.length === 1) return rest[0]!.startsWith('_') ? undefined : { endpoint: rest[0]! };
  const [protocol = '', port = ''] = rest;
  return rest.length === 2 && protocol.startsWith('_') && port.startsWith('_') ? { port: port.slice(1), protocol: protocol.slice(1) } : undefined;
}

type Found = Target & { endpoint?: string; portName: string; protocol: string };

const matches = (target: Found, { endpoint, port, protocol }: Wanted) =>
  (endpoint === undefined || target.endpoint === endpoint) && (port === undefined || target.portName === port) && (protocol === undefined || target.protocol.toLowerCase() === protocol);

function clusterTargets({ spec }: Service, full: string): Found[] {
  const ips = (spec.clusterIPs ?? [spec.clusterIP]).filter((ip): ip is string => Boolean(ip));
  return (spec.ports ?? []).flatMap(({ name = '', port, protocol = 'TCP' }) => ips.map((ip) => ({ name: full, ip, port, portName: name, protocol })));
}

function endpointTargets({ metadata }: Service, full: string, source: DnsSource): Found[] {
  const out: Found[] = [];
  for (const { endpoints, ports } of source.slices(`${metadata.namespace}/${metadata.name}`)) {
    // A service without ports has addresses all the same.
    const all = ports?.length ? ports : [{ name: '', port: 0, protocol: 'TCP' }];
    for (const { addresses: ips, conditions, hostname } of endpoints ?? []) {
      if (conditions?.ready === false) continue;
      for (const ip of ips) {
        const endpoint = hostname || ip.replaceAll(/[.:]/g, '-');
        for (const { name = '', port = 0, protocol = 'TCP' } of all) out.push({ name: `${endpoint}.${full}`, ip, port, endpoint, portName: name, protocol });
      }
    }
  }
  return out;
}

function addresses(name: string, type: string, targets: readonly Target[]): DnsRecord[] {
  const family = type === 'A' ? (ip: string) => !ip.includes(':') : (ip: string) => type === 'AAAA' && ip.includes(':');
  return [...new Set(targets.map(({ ip }) => ip).filter(family))].map((ip) => ({ name, type: type as 'A', ttl, data: ip }));
}

/** Priority 0; the weights share out a hundred. */
function srv(name: string, targets: readonly Target[]): DnsAnswer {
  const unique = [...new Map(targets.map((target) => [`${target.name} ${target.port}`, target])).values()];
  const weight = Math.floor(100 / unique.length);
  return {
    rcode: 'NOERROR',
    records: unique.map((target) => ({ name, type: 'SRV', ttl, data: `0 ${weight} ${target.port} ${target.name}.` })),
    additional: [...new Map(targets.map((target) => [`${target.name} ${target.ip}`, target])).values()].map((target) => ({ name: target.name, type: target.ip.includes(':') ? 'AAAA' : 'A', ttl, data: target.ip })),
  };
}
