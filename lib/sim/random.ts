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
const hex = '0123456789abcdef';

export function createRandom(seed: number | string): Random {
  let [a, b, c, d] = [0, 1, 2, 3].map((i) => fnv1a(`${i}:${seed}`)) as [number, number, number, number];

  function uint32(): number {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  }
  for (let warmUp = 0; warmUp < 12; warmUp++) uint32();

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
      let digits = '';
      for (let word = 0; word < 4; word++) digits += uint32().toString(16).padStart(8, '0');
      const variant = hex[8 + (parseInt(digits[16]!, 16) & 3)];
      return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20)}`;
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
