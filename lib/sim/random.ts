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
const hexByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const hex4 = (word: number) => hexByte[word >>> 8]! + hexByte[word & 255]!;

export function createRandom(seed: number | string): Random {
  let [a, b, c, d] = [0, 0, 0, 0];
  let begun = false;

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
      const [a, b, c, d] = [uint32(), uint32(), uint32(), uint32()];
      const version = (b & 0x0fff) | 0x4000;
      const variant = ((c >>> 16) & 0x3fff) | 0x8000;
      return `${hex4(a >>> 16)}${hex4(a & 0xffff)}-${hex4(b >>> 16)}-${hex4(version)}-${hex4(variant)}-${hex4(c & 0xffff)}${hex4(d >>> 16)}${hex4(d & 0xffff)}`;
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
