// Files hold text. A byte that is no UTF-8 becomes one lone surrogate (U+DC80 to U+DCFF), so that every file survives
// being text, as in Python's "surrogateescape" (PEP 383).

const lone = /[\udc80-\udcff]/;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** Length of the sequence that a byte begins, 0 for one that begins none. */
function lengthOf(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xc2) return 0;
  return first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
}

export function textOf(bytes: Uint8Array): string {
  const whole = decoded(bytes);
  if (whole !== undefined) return whole;
  let out = '';
  for (let at = 0; at < bytes.length; ) {
    const length = lengthOf(bytes[at]!);
    const text = length > 0 && at + length <= bytes.length ? decoded(bytes.subarray(at, at + length)) : undefined;
    out += text ?? String.fromCharCode(0xdc00 + bytes[at]!);
    at += text === undefined ? 1 : length;
  }
  return out;
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

export function bytesOf(text: string): Uint8Array {
  if (!lone.test(text)) return encoder.encode(text);
  const out: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code >= 0xdc80 && code <= 0xdcff) out.push(code - 0xdc00);
    else out.push(...encoder.encode(character));
  }
  return Uint8Array.from(out);
}

const plainAscii = /^[\x00-\x7f]*$/;

/** How many bytes a file of this text has. */
export const sizeOf = (text: string): number => (plainAscii.test(text) ? text.length : bytesOf(text).length);
