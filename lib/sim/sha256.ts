// SHA-256 and SHA-224, synchronous and without a platform's crypto; names of iptables chains, digests of images.

const rotate = (word: number, by: number) => (word >>> by) | (word << (32 - by));

/** The first 32 bits of the fractional part of a root of each of the first primes. */
function fractions(count: number, root: number): number[] {
  const out: number[] = [];
  for (let n = 2; out.length < count; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
    if (prime) out.push(Math.floor((n ** (1 / root) % 1) * 2 ** 32) >>> 0);
  }
  return out;
}

const start = fractions(8, 2);
const constants = fractions(64, 3);

/** The second 32 bits of the same, of the ninth to the sixteenth prime: more than a double holds. */
const start224 = [0xc1059ed8, 0x367cd507, 0x3070dd17, 0xf70e5939, 0xffc00b31, 0x68581511, 0x64f98fa7, 0xbefa4fa4];

export const sha256 = (data: Uint8Array | string): Uint8Array => digest(data, start);
export const sha224 = (data: Uint8Array | string): Uint8Array => digest(data, start224).slice(0, 28);

function digest(data: Uint8Array | string, from: readonly number[]): Uint8Array {
  const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(padded.length - 4, (bytes.length << 3) >>> 0);
  const hash = Uint32Array.from(from);
  for (let at = 0; at < padded.length; at += 64) block(hash, view, at);
  const out = new DataView(new ArrayBuffer(32));
  hash.forEach((word, i) => out.setUint32(4 * i, word));
  return new Uint8Array(out.buffer);
}

const schedule = new Uint32Array(64);

function block(hash: Uint32Array, view: DataView, at: number): void {
  for (let i = 0; i < 16; i++) schedule[i] = view.getUint32(at + 4 * i);
  for (let i = 16; i < 64; i++) {
    const [x, y] = [schedule[i - 15]!, schedule[i - 2]!];
    const low = rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3);
    const high = rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10);
    schedule[i] = schedule[i - 16]! + low + schedule[i - 7]! + high;
  }
  let [a, b, c, d, e, f, g, h] = hash as unknown as [number, number, number, number, number, number, number, number];
  for (let i = 0; i < 64; i++) {
    const one = h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + constants[i]! + schedule[i]!;
    const two = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => {
    hash[i] = hash[i]! + word;
  });
}

/** Lower-case hexadecimal digits. */
export const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** Base 64 of RFC 4648 with letters for names, without padding. */
export const base64url = (bytes: Uint8Array) => inLetters(bytes, 6, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_');

/** Base 32 of RFC 4648, padded. */
export function base32(bytes: Uint8Array): string {
  const text = inLetters(bytes, 5, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567');
  return text.padEnd(Math.ceil(text.length / 8) * 8, '=');
}

/** One letter for every `width` bits. */
function inLetters(bytes: Uint8Array, width: number, letters: string): string {
  let out = '';
  let [bits, value] = [0, 0];
  const mask = letters.length - 1;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    for (bits += 8; bits >= width; bits -= width) out += letters[(value >>> (bits - width)) & mask];
    value &= (1 << bits) - 1;
  }
  return bits > 0 ? out + letters[(value << (width - bits)) & mask] : out;
}
