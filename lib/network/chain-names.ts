// Names of kube-proxy's iptables chains: a prefix and 16 letters of a hash.
import { base32, sha256 } from '../api/index.ts';

const chainHash = (text: string) => base32(sha256(text)).slice(0, 16);

/** `port` is `namespace/name[:portname]`, `protocol` in lower case. */
export interface ServicePortName {
  port: string;
  protocol: string;
}

export const portProtoHash = ({ port, protocol }: ServicePortName) => chainHash(port + protocol);

/** The chains of one Service port, by its hash. Traffic from outside takes `balancer` before v1.24, `external` since. */
export const serviceChains = (hash: string) => ({
  service: `KUBE-SVC-${hash}`,
  local: `KUBE-SVL-${hash}`,
  external: `KUBE-EXT-${hash}`,
  balancer: `KUBE-XLB-${hash}`,
  firewall: `KUBE-FW-${hash}`,
});

/** `endpoint` is `address:port`. */
export const endpointChain = ({ port, protocol }: ServicePortName, endpoint: string) => `KUBE-SEP-${chainHash(port + protocol + endpoint)}`;
