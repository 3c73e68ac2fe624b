/** Seeded random numbers (sfc32). The only source of chance in the heart; `Math.random` is never read. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** An integer in [0, bound). */
  int(bound: number): number;
  pick<T>(items: readonly T[]): T;
  shuffle<T>(items: readonly T[]): T[];
  /** `length` characters of Kubernetes' name alphabet (no vowels, no 0, 1, 3). */
  suffix(length?: number): string;
  uuid(): string;
  /** An independent stream, so that one component's draws never shift another's. */
  fork(name: string): Random;
}

/** The alphabet of generated names: `k8s.io/apimachinery/pkg/util/rand`. */
export const nameAlphabet = 'bcdfghjklmnpqrstvwxz2456789';
/** `00` to `ff`. */
export const hexByte: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
export const hexDigit = '0123456789abcdef';
/** How many second halves of uuids a stream draws; after that each is used again with a new first half. */
const uuidTails = 16;

export function createRandom(seed: number | string): Random {
  let [a, b, c, d] = [0, 0, 0, 0];
  let begun = false;
  const tails: string[] = [];
  let uuids = 0;

  /** Most streams are never drawn from: the state is made at the first draw. */
  function begin(): void {
    begun = true;
    [a, b, c, d] = [0, 1, 2, 3].map((i) => fnv1a(`${i}:${seed}`)) as [number, number, number, number];
    for (let warmUp = 0; warmUp < 12; warmUp++) uint32();
  }

  function uint32(): number {
    if (!begun) begin();
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  }

  /** All but the first twelve characters of a uuid of version 4, variant 1. */
  function uuidTail(): string {
    const [a, b, c] = [uint32(), uint32(), uint32()];
    const byte = (word: number, shift: number) => hexByte[(word >>> shift) & 255]!;
    const variant = hexByte[(a & 0x3f) | 0x80]!;
    return `${hexDigit[a >>> 28]}-4${hexDigit[(a >>> 24) & 15]}${byte(a, 16)}-${variant}${byte(a, 8)}-${byte(b, 24)}${byte(b, 16)}${byte(b, 8)}${byte(b, 0)}${byte(c, 24)}${byte(c, 16)}`;
  }

  const random: Random = {
    next: () => uint32() / 2 ** 32,
    int: (bound) => Math.floor((uint32() / 2 ** 32) * bound),
    pick: (items) => items[random.int(items.length)]!,
    shuffle(items) {
      const out = [...items];
      for (let i = out.length - 1; i > 0; i--) {
        const j = random.int(i + 1);
        [out[i], out[j]] = [out[j]!, out[i]!];
      }
      return out;
    },
    suffix(length = 5) {
      let out = '';
      for (let i = 0; i < length; i++) out += nameAlphabet[random.int(nameAlphabet.length)];
      return out;
    },
    uuid() {
      const high = uint32();
      const low = uint32();
      const tail = (tails[uuids % uuidTails] ??= uuidTail());
      uuids++;
      // Up to twelve characters are joined at once; a longer text stays a tree of its parts.
      const head = hexByte[high >>> 24]! + hexByte[(high >>> 16) & 255]! + hexByte[(high >>> 8) & 255]! + hexByte[high & 255]! + '-' + hexByte[low >>> 24]! + hexDigit[(low >>> 20) & 15]!;
      return head + tail;
    },
    fork: (name) => createRandom(`${seed}/${name}`),
  };
  return random;
}

/** 32-bit FNV-1a, the hash Kubernetes uses for short names. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}
