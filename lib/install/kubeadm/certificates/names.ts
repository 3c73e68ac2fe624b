// For which names and addresses a server's certificate is (cmd/kubeadm/app/util/pkiutil).
import { isDNS1123Subdomain, isWildcardDNS1123Subdomain, parseIP } from '../../../api/index.ts';
import { parseHostPort } from '../configuration/endpoint.ts';
import { serviceIP } from '../configuration/subnets.ts';
import type { InitConfiguration } from '../configuration/types.ts';

export interface AlternativeNames {
  names: string[];
  addresses: string[];
}

const unique = (names: readonly string[]) => [...new Set(names)];
const sorted = ({ names, addresses }: AlternativeNames): AlternativeNames => ({ names: unique(names).sort(), addresses: unique(addresses) });

function add(to: AlternativeNames, more: readonly string[] = [], { file, say }: { file: string; say(text: string): void }): AlternativeNames {
  for (const name of more) {
    if (parseIP(name)) to.addresses.push(name);
    else if (isDNS1123Subdomain(name).length === 0 || isWildcardDNS1123Subdomain(name).length === 0) to.names.push(name);
    else say(`[certificates] WARNING: '${name}' was not added to the '${file}' SAN, because it is not a valid IP or RFC-1123 compliant DNS entry\n`);
  }
  return sorted(to);
}

export function apiserverNames({ cluster, localAPIEndpoint, nodeRegistration }: InitConfiguration, say: (text: string) => void): AlternativeNames {
  const { serviceSubnet = '', dnsDomain } = cluster.networking;
  const out = { names: [nodeRegistration.name!, 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc', `kubernetes.default.svc.${dnsDomain}`], addresses: [serviceIP(serviceSubnet, 1), localAPIEndpoint.advertiseAddress!] };
  if (cluster.controlPlaneEndpoint) {
    const { host } = parseHostPort(cluster.controlPlaneEndpoint);
    (parseIP(host) ? out.addresses : out.names).push(host);
  }
  return add(out, cluster.apiServer.certSANs, { file: 'apiserver.crt', say });
}

export function etcdNames({ cluster, localAPIEndpoint, nodeRegistration }: InitConfiguration, kind: 'server' | 'peer', say: (text: string) => void): AlternativeNames {
  const { local } = cluster.etcd;
  const out = { names: [nodeRegistration.name!, 'localhost'], addresses: [localAPIEndpoint.advertiseAddress!, '127.0.0.1', '::1'] };
  return add(out, kind === 'server' ? local?.serverCertSANs : local?.peerCertSANs, { file: `etcd/${kind}.crt`, say });
}
