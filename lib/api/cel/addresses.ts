// IP addresses and ranges of addresses in CEL.
import { formatAddress, parseAddress } from '../ip-range.ts';
import { succeeds } from './functions.ts';
import type { cel } from './library.ts';

type Environment = InstanceType<typeof cel.Environment>;

class Ip {
  readonly value: bigint;
  readonly family: 4 | 6;
  constructor(text: string) {
    const found = parseAddress(text);
    if (!found) throw new Error(`IP Address "${text}" parse error during conversion from string: ParseAddr("${text}"): unable to parse IP`);
    this.value = found.value;
    this.family = found.family;
  }
  get text() {
    return formatAddress(this);
  }
}

class Cidr {
  readonly ip: Ip;
  readonly length: number;
  constructor(text: string) {
    const [address = '', length = ''] = text.split('/');
    if (!/^\d+$/.test(length) || Number(length) > (parseAddress(address)?.family === 6 ? 128 : 32)) throw new Error(`network address parse error during conversion from string: network address parse error during conversion from string: netip.ParsePrefix("${text}"): no '/'`);
    this.ip = new Ip(address);
    this.length = Number(length);
  }
  get shift() {
    return BigInt((this.ip.family === 6 ? 128 : 32) - this.length);
  }
  contains({ value, family }: Ip) {
    return family === this.ip.family && value >> this.shift === this.ip.value >> this.shift;
  }
}

const inRange = (...ranges: string[]) => (ip: Ip) => ranges.some((range) => new Cidr(range).contains(ip));

const kinds: Record<string, (ip: Ip) => boolean> = {
  isUnspecified: ({ value }) => value === 0n,
  isLoopback: inRange('127.0.0.0/8', '::1/128'),
  isLinkLocalMulticast: inRange('224.0.0.0/24', 'ff02::/16'),
  isLinkLocalUnicast: inRange('169.254.0.0/16', 'fe80::/10'),
  isGlobalUnicast: (ip) => !inRange('127.0.0.0/8', '::1/128', '224.0.0.0/4', 'ff00::/8', '169.254.0.0/16', 'fe80::/10')(ip) && ip.value !== 0n && ip.text !== '255.255.255.255',
};

export function addressFunctions(env: Environment): void {
  env.registerType('net.IP', { ctor: Ip, fields: {} });
  env.registerType('net.CIDR', { ctor: Cidr, fields: {} });
  env.registerFunction('isIP(string): bool', (text: string) => parseAddress(text) !== undefined);
  env.registerFunction('ip(string): net.IP', (text: string) => new Ip(text));
  env.registerFunction('net.IP.family(): int', ({ family }: Ip) => BigInt(family));
  for (const [name, test] of Object.entries(kinds)) env.registerFunction(`net.IP.${name}(): bool`, test);
  env.registerFunction('string(net.IP): string', ({ text }: Ip) => text);
  env.registerOperator('net.IP == net.IP', (a: Ip, b: Ip) => a.text === b.text);
  env.registerFunction('isCIDR(string): bool', (text: string) => succeeds(() => new Cidr(text)));
  env.registerFunction('cidr(string): net.CIDR', (text: string) => new Cidr(text));
  env.registerFunction('net.CIDR.containsIP(string): bool', (range: Cidr, text: string) => range.contains(new Ip(text)));
  env.registerFunction('net.CIDR.containsIP(net.IP): bool', (range: Cidr, ip: Ip) => range.contains(ip));
  env.registerFunction('net.CIDR.containsCIDR(string): bool', (range: Cidr, text: string) => holds(range, new Cidr(text)));
  env.registerFunction('net.CIDR.containsCIDR(net.CIDR): bool', holds);
  env.registerFunction('net.CIDR.ip(): net.IP', ({ ip }: Cidr) => ip);
  env.registerFunction('net.CIDR.masked(): net.CIDR', ({ ip, length, shift }: Cidr) => new Cidr(`${formatAddress({ family: ip.family, value: (ip.value >> shift) << shift })}/${length}`));
  env.registerFunction('net.CIDR.prefixLength(): int', ({ length }: Cidr) => BigInt(length));
  env.registerFunction('string(net.CIDR): string', ({ ip, length }: Cidr) => `${ip.text}/${length}`);
}

const holds = (range: Cidr, inner: Cidr) => inner.length >= range.length && range.contains(inner.ip);
