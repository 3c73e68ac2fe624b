// What a PKCS #10 certificate request says: just enough DER to read its subject and alternative names.

export interface CertificateRequest {
  /** Values by attribute: `CN`, `O` … in their order. */
  subject: Readonly<Record<string, readonly string[]>>;
  dnsNames: readonly string[];
  emailAddresses: readonly string[];
  uris: readonly string[];
  ipAddresses: readonly string[];
}

interface Node {
  tag: number;
  /** What is inside a constructed value. */
  children: readonly Node[];
  bytes: Uint8Array;
}

class DerError extends Error {}

/** One value after another. */
function parse(bytes: Uint8Array): Node[] {
  const nodes: Node[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes[at]!;
    let length = bytes[at + 1] ?? 0;
    let from = at + 2;
    if (length >= 0x80) {
      const count = length & 0x7f;
      length = bytes.subarray(from, from + count).reduce((sum, byte) => sum * 256 + byte, 0);
      from += count;
    }
    if (from + length > bytes.length) throw new DerError('asn1: syntax error: data truncated');
    const inside = bytes.subarray(from, from + length);
    nodes.push({ tag, bytes: inside, children: tag & 0x20 ? parse(inside) : [] });
    at = from + length;
  }
  return nodes;
}

const utf8 = new TextDecoder();
const text = ({ bytes }: Node) => utf8.decode(bytes);

/** Object identifiers in hexadecimal, as they stand in DER. */
const attributes: Record<string, string> = { '550403': 'CN', '550405': 'SERIALNUMBER', '550406': 'C', '550407': 'L', '550408': 'ST', '550409': 'STREET', '55040a': 'O', '55040b': 'OU', '550411': 'POSTALCODE' };
const extensionRequest = '2a864886f70d01090e';
const alternativeName = '551d11';

const hex = ({ bytes }: Node) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** Reads the PEM text of a request; throws in the words of kubectl. */
export function parseRequest(pem: string): CertificateRequest {
  const body = /-----BEGIN CERTIFICATE REQUEST-----([\s\S]+?)-----END/.exec(pem)?.[1];
  if (body === undefined) throw new DerError('PEM block type must be CERTIFICATE REQUEST');
  const [request] = parse(Uint8Array.from(atob(body.replace(/\s/g, '')), (c) => c.charCodeAt(0)));
  const [, name, , extra] = request?.children[0]?.children ?? [];
  const subject: Record<string, string[]> = {};
  for (const set of name?.children ?? []) {
    for (const { children: [type, value] } of set.children) {
      const key = type && attributes[hex(type)];
      if (key && value) (subject[key] ??= []).push(text(value));
    }
  }
  return { subject, ...alternatives(extra) };
}

function alternatives(extra: Node | undefined) {
  const names: Node[] = [];
  for (const { children: [type, values] } of extra?.children ?? []) {
    if (!type || hex(type) !== extensionRequest) continue;
    for (const { children } of values?.children[0]?.children ?? []) if (hex(children[0]!) === alternativeName) names.push(...(parse(children.at(-1)!.bytes)[0]?.children ?? []));
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
