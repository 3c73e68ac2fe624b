// Names of kube-proxy's iptables chains: a prefix and 16 letters of a hash.
import { base32, sha256, type Version } from '../api/index.ts';

const chainHash = (text: string) => base32(sha256(text)).slice(0, 16);

/** `port` is `namespace/name[:portname]`, `protocol` in lower case. */
export interface ServicePortName {
  port: string;
  protocol: string;
}

export const portProtoHash = ({ port, protocol }: ServicePortName) => chainHash(port + protocol);
export const serviceChain = (name: ServicePortName) => `KUBE-SVC-${portProtoHash(name)}`;
export const firewallChain = (name: ServicePortName) => `KUBE-FW-${portProtoHash(name)}`;
/** The chain of traffic from outside: `KUBE-XLB-` once, `KUBE-EXT-` today. */
export const externalChain = (name: ServicePortName, version: Version) => `${version.has('chain-kube-ext') ? 'KUBE-EXT-' : 'KUBE-XLB-'}${portProtoHash(name)}`;
/** `endpoint` is `address:port`. */
export const endpointChain = ({ port, protocol }: ServicePortName, endpoint: string) => `KUBE-SEP-${chainHash(port + protocol + endpoint)}`;
