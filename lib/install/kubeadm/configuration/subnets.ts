// Ranges of addresses, as Go's net and k8s.io/utils/net read them.
import { formatAddress, parseAddress } from '../../../api/index.ts';

export interface Subnet {
  family: 4 | 6;
  base: bigint;
  prefix: number;
  /** 32 or 128. */
  bits: number;
  text: string;
}

export function parseCIDR(text: string): Subnet | undefined {
  const [ip = '', prefixText = '', ...more] = text.split('/');
  const address = parseAddress(ip);
  const bits = ip.includes(':') ? 128 : 32;
  const prefix = Number(prefixText);
  if (!address || more.length > 0 || !/^\d+$/.test(prefixText) || prefix > bits) return undefined;
  const rest = BigInt(bits - prefix);
  const base = (address.value >> rest) << rest;
  return { family: address.family, base, prefix, bits, text: `${formatAddress({ value: base, family: address.family })}/${prefix}` };
}

/** Undefined when one of them is none. */
export function parseCIDRs(list: string): Subnet[] | undefined {
  const all = list.split(',').map(parseCIDR);
  return all.every((one) => one !== undefined) ? all : undefined;
}

/** How many addresses; of the widest ranges it is said to be none. */
export function rangeSize({ prefix, bits }: Subnet): number {
  const free = bits - prefix;
  return (bits === 32 && free >= 31) || (bits === 128 && free >= 127) ? 0 : 2 ** free;
}

/** The address at a place in a range. */
export const indexedIP = ({ base, family }: Subnet, index: number): string => formatAddress({ value: base + BigInt(index), family });

/** Of several ranges the first one counts. */
export const serviceIP = (serviceSubnet: string, index: number): string => indexedIP(parseCIDR(serviceSubnet.split(',')[0]!)!, index);
