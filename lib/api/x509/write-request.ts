// A PKCS #10 certificate request, written in DER.
import { pemText } from './pem.ts';

/** A key pair of the curve P-256. */
export interface RequestKey {
  /** SubjectPublicKeyInfo in DER. */
  readonly publicKey: Uint8Array;
  /** ECDSA with SHA-256. */
  sign(bytes: Uint8Array): Uint8Array;
}

export interface RequestedNames {
  commonName: string;
  organization: string;
  dnsNames: readonly string[];
  ipAddresses: readonly string[];
}

const utf8 = new TextEncoder();
const hex = (digits: string) => Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const joined = (parts: readonly Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

function node(tag: number, ...parts: Uint8Array[]): Uint8Array {
  const inside = joined(parts);
  const { length } = inside;
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return joined([Uint8Array.from([tag, ...head]), inside]);
}

const [sequence, set, identifier, bits, octets] = [0x30, 0x31, 0x06, 0x03, 0x04];
const ecdsaWithSha256 = node(sequence, node(identifier, hex('2a8648ce3d040302')));

/** Stands for a key where nobody looks at signatures. */
export const standInKey: RequestKey = {
  publicKey: node(sequence, node(sequence, node(identifier, hex('2a8648ce3d0201')), node(identifier, hex('2a8648ce3d030107'))), node(bits, new Uint8Array(1), Uint8Array.of(4), new Uint8Array(64))),
  sign: () => new Uint8Array(70),
};

function addressBytes(address: string): Uint8Array {
  if (!address.includes(':')) return Uint8Array.from(address.split('.'), Number);
  const [before = '', after] = address.split('::');
  const groups = (text: string) => text.split(':').filter(Boolean).map((group) => parseInt(group, 16));
  const [first, last] = [groups(before), groups(after ?? '')];
  const all = after === undefined ? first : [...first, ...new Array<number>(8 - first.length - last.length).fill(0), ...last];
  return Uint8Array.from(all.flatMap((group) => [group >> 8, group & 0xff]));
}

/** PEM text. */
export function writeRequest({ commonName, organization, dnsNames, ipAddresses }: RequestedNames, { publicKey, sign }: RequestKey): string {
  const attribute = (id: string, text: string) => node(set, node(sequence, node(identifier, hex(id)), node(0x0c, utf8.encode(text))));
  const subject = node(sequence, attribute('55040a', organization), attribute('550403', commonName));
  const names = node(sequence, ...dnsNames.map((name) => node(0x82, utf8.encode(name))), ...ipAddresses.map((ip) => node(0x87, addressBytes(ip))));
  const extensions = node(sequence, node(sequence, node(identifier, hex('551d11')), node(octets, names)));
  const asked = node(0xa0, node(sequence, node(identifier, hex('2a864886f70d01090e')), node(set, extensions)));
  const info = node(sequence, node(0x02, Uint8Array.of(0)), subject, publicKey, asked);
  return pemText('CERTIFICATE REQUEST', node(sequence, info, ecdsaWithSha256, node(bits, new Uint8Array(1), sign(info))));
}
