// What the generators of iptables rules share: the lines for one Service port, and the words that come again and again.
import { portProtoHash } from '../../chain-names.ts';
import type { ProxyConfig, ProxyEndpoint, ServicePort } from '../types.ts';
import type { RestoreUnit } from './document.ts';

/** The lines of one Service port. They depend on nothing but it, its endpoints and the node's settings. */
export interface ServiceRules {
  readonly filter: RestoreUnit;
  readonly nat: RestoreUnit;
}

export interface GeneratorOptions {
  config: ProxyConfig;
  /** Too many endpoints for comments. */
  terse: boolean;
}

export type RuleGenerator = (port: ServicePort, endpoints: readonly ProxyEndpoint[], options: GeneratorOptions) => ServiceRules;

export const masqueradeMark = '0x00004000';

/** `quoted` goes into a comment between quotation marks. */
export const comment = (quoted: string) => `-m comment --comment "${quoted}"`;
/** A comment that is left out where there are more than a thousand endpoints. */
export const optionalComment = (text: string, terse: boolean) => (terse ? '' : `-m comment --comment ${text} `);

export const protocolOf = ({ protocol }: ServicePort) => protocol.toLowerCase();
export const hashOf = (port: ServicePort) => portProtoHash({ port: port.name, protocol: protocolOf(port) });

/** `-m tcp -p tcp -d 10.96.0.1/32 --dport 443`. */
export const to = (port: ServicePort, address: string, number = port.port) => `-m ${protocolOf(port)} -p ${protocolOf(port)} -d ${address} --dport ${number}`;

/** One rule draws for each endpoint but the last; the draws together give each the same share. */
export const share = (left: number) => (left > 1 ? `-m statistic --mode random --probability ${(1 / left).toFixed(10)} ` : '');
export const isLocal = (endpoint: ProxyEndpoint, { hostname }: ProxyConfig) => endpoint.node !== '' && endpoint.node === hostname;
export const stickTo = (chain: string, seconds: number) => `-m recent --name ${chain} --rcheck --seconds ${seconds} --reap -j ${chain}`;
/** The node ports of an IPv4 node answer on localhost too. */
export const loopback = ({ family }: ProxyConfig) => (family === 'IPv6' ? '::1/128' : '127.0.0.0/8');
