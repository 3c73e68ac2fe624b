// Ranges of addresses, and the network that the machines share.
import { addressText, parseRange } from '../kube-proxy/addresses.ts';
import { numberOf, prefixOf, toAddress, toNumber } from '../ipam.ts';

/** False for addresses of the other family. */
export function contains(cidr: string, ip: string): boolean {
  if (cidr.includes(':') !== ip.includes(':')) return false;
  const [address = '', bits] = cidr.split('/');
  return prefixOf(numberOf(ip), Number(bits)) === prefixOf(numberOf(address), Number(bits));
}

export const networkAddress = (cidr: string): string => {
  const range = cidr.includes(':') ? parseRange(cidr) : undefined;
  if (range) return addressText(range.base, range.family);
  const [address = '', bits] = cidr.split('/');
  const size = 2 ** (32 - Number(bits));
  return toAddress(toNumber(address) - (toNumber(address) % size));
};

/** Bits of the range that the machines themselves share; beyond it stands a router. */
export const lanBits = (ip: string): number => (ip.includes(':') ? 64 : 16);
/** The same for all machines of one network. */
export const lanOf = (ip: string): string => (ip.includes(':') ? networkAddress(`${ip}/64`) : ip.split('.').slice(0, 2).join('.'));
/** `10.0.0.0/16` */
export const lanRange = (ip: string): string => `${networkAddress(`${ip}/${lanBits(ip)}`)}/${lanBits(ip)}`;

/** The range of one family out of a list as Kubernetes' options take it: `10.244.0.0/16,fd00:10:244::/56`. */
export const rangeIn = (list: string, family: 'IPv4' | 'IPv6'): string | undefined => list.split(',').find((cidr) => cidr.includes(':') === (family === 'IPv6'));
