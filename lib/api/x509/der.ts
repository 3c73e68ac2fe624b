// DER: just enough of it to read certificate requests. What is wrong is said in the words of Go's encoding/asn1.

export interface DerNode {
  tag: number;
  /** What is inside a constructed value. */
  children: readonly DerNode[];
  bytes: Uint8Array;
}

export class DerError extends Error {}

/** One value after another. */
export function parseDer(bytes: Uint8Array): DerNode[] {
  const nodes: DerNode[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { tag, from, length } = head(bytes, at);
    if (from + length > bytes.length) throw new DerError('asn1: syntax error: data truncated');
    const inside = bytes.subarray(from, from + length);
    nodes.push({ tag, bytes: inside, children: tag & 0x20 ? parseDer(inside) : [] });
    at = from + length;
  }
  return nodes;
}

function head(bytes: Uint8Array, at: number): { tag: number; from: number; length: number } {
  const length = bytes[at + 1];
  if (length === undefined) throw new DerError('asn1: syntax error: truncated tag or length');
  if (length < 0x80) return { tag: bytes[at]!, from: at + 2, length };
  const count = length & 0x7f;
  if (count === 0) throw new DerError('asn1: syntax error: indefinite length found (not DER)');
  if (at + 2 + count > bytes.length) throw new DerError('asn1: syntax error: truncated tag or length');
  return { tag: bytes[at]!, from: at + 2 + count, length: bytes.subarray(at + 2, at + 2 + count).reduce((sum, byte) => sum * 256 + byte, 0) };
}

/** The one sequence that the bytes are. `type` is what Go would read into. */
export function sequenceIn(bytes: Uint8Array, type: string): DerNode {
  if (bytes.length === 0) throw new DerError('asn1: syntax error: sequence truncated');
  const { tag, from, length } = head(bytes, 0);
  if (tag !== 0x30) throw new DerError(`asn1: structure error: tags don't match (16 vs {class:${tag >> 6} tag:${tag & 0x1f} length:${length} isCompound:${(tag & 0x20) !== 0}}) {optional:false explicit:false application:false private:false defaultValue:<nil> tag:<nil> stringType:0 timeType:0 set:false omitEmpty:false} ${type} @2`);
  if (from + length < bytes.length) throw new DerError('asn1: syntax error: trailing data');
  return parseDer(bytes)[0]!;
}

/** As it stands in DER: what an identifier is compared by. */
export const hexOf = ({ bytes }: DerNode) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
