// What a PKCS #10 certificate request says: its subject and alternative names.
import { pemBlocks } from './pem.ts';
import { DerError, type DerNode, hexOf, parseDer, sequenceIn } from './der.ts';

export interface CertificateRequest {
  /** The request itself. */
  der: Uint8Array;
  /** Values by attribute: `CN`, `O` … in their order. */
  subject: Readonly<Record<string, readonly string[]>>;
  dnsNames: readonly string[];
  emailAddresses: readonly string[];
  uris: readonly string[];
  ipAddresses: readonly string[];
}

const utf8 = new TextDecoder();
const text = ({ bytes }: DerNode) => utf8.decode(bytes);

/** Object identifiers in hexadecimal, as they stand in DER. */
const attributes: Record<string, string> = { '550403': 'CN', '550405': 'SERIALNUMBER', '550406': 'C', '550407': 'L', '550408': 'ST', '550409': 'STREET', '55040a': 'O', '55040b': 'OU', '550411': 'POSTALCODE' };
const extensionRequest = '2a864886f70d01090e';
const alternativeName = '551d11';

/** Reads the PEM text of a request. Throws in the words of kubectl and of the API server. */
export function parseRequest(pem: string): CertificateRequest {
  const [block] = pemBlocks(pem);
  if (block?.type !== 'CERTIFICATE REQUEST') throw new DerError('PEM block type must be CERTIFICATE REQUEST');
  const request = sequenceIn(block.bytes, 'x509.certificateRequest');
  const [, name, , extra] = request.children[0]?.children ?? [];
  if (!name || request.children.length !== 3) throw new DerError('asn1: structure error: sequence truncated');
  const subject: Record<string, string[]> = {};
  for (const set of name?.children ?? []) {
    for (const { children: [type, value] } of set.children) {
      const key = type && attributes[hexOf(type)];
      if (key && value) (subject[key] ??= []).push(text(value));
    }
  }
  return { der: block.bytes, subject, ...alternatives(extra) };
}

function alternatives(extra: DerNode | undefined) {
  const names: DerNode[] = [];
  for (const { children: [type, values] } of extra?.children ?? []) {
    if (!type || hexOf(type) !== extensionRequest) continue;
    for (const { children } of values?.children[0]?.children ?? []) if (hexOf(children[0]!) === alternativeName) names.push(...(parseDer(children.at(-1)!.bytes)[0]?.children ?? []));
  }
  const of = (tag: number) => names.filter((node) => node.tag === tag);
  return { emailAddresses: of(0x81).map(text), dnsNames: of(0x82).map(text), uris: of(0x86).map(text), ipAddresses: of(0x87).map(({ bytes }) => address(bytes)) };
}

function address(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i]! << 8) | bytes[2 * i + 1]!).toString(16));
  const zeros = groups.join(':').match(/(?:^|:)0(?::0)+(?=:|$)/g)?.sort((a, b) => b.length - a.length)[0];
  return zeros ? groups.join(':').replace(zeros, ':').replace(/^:(?!:)/, '::').replace(/([^:]):$/, '$1::') : groups.join(':');
}
