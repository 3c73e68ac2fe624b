// Names of kube-proxy's nftables chains: a hash, so that they are easily told apart, and what they are about in plain words.
import { base32, sha256 } from '../../../api/index.ts';
import type { ProxyEndpoint, ServicePort } from '../types.ts';

/** The longest name that nftables takes is 256 characters; prefixes take 16 of them. */
const longest = 240;

function hashed(name: string): string {
  const whole = `${base32(sha256(name)).slice(0, 8)}-${name}`;
  return whole.length > longest ? `${whole.slice(0, longest - 3)}...` : whole;
}

const plain = ({ service, protocol, portName }: ServicePort) => `${service}/${protocol.toLowerCase()}/${portName}`;

export interface PortChains {
  /** For traffic policy Cluster, and Local. */
  cluster: string;
  local: string;
  external: string;
  firewall: string;
}

export function portChains(port: ServicePort): PortChains {
  const base = hashed(plain(port));
  return { cluster: `service-${base}`, local: `local-${base}`, external: `external-${base}`, firewall: `firewall-${base}` };
}

/** The chain of an endpoint, and the set of clients that stay with it. */
export interface EndpointNames {
  chain: string;
  affinity: string;
}

export function endpointNames(port: ServicePort, { ip, port: number }: ProxyEndpoint): EndpointNames {
  const base = hashed(`${plain(port)}__${ip.replaceAll(':', '.')}/${number}`);
  return { chain: `endpoint-${base}`, affinity: `affinity-${base}` };
}
