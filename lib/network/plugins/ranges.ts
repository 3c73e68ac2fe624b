// Ranges of IPv4, and the network that the machines share.
import { toAddress, toNumber } from '../ipam.ts';

export function contains(cidr: string, ip: string): boolean {
  const [address = '', bits] = cidr.split('/');
  const size = 2 ** (32 - Number(bits));
  return Math.floor(toNumber(ip) / size) === Math.floor(toNumber(address) / size);
}

export const networkAddress = (cidr: string): string => {
  const [address = '', bits] = cidr.split('/');
  const size = 2 ** (32 - Number(bits));
  return toAddress(toNumber(address) - (toNumber(address) % size));
};

/** Bits of the range that the machines themselves share; beyond it stands a router. */
export const lanBits = 16;
export const lanOf = (ip: string) => ip.split('.').slice(0, 2).join('.');
