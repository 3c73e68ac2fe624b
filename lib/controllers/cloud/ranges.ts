/** `10.244.0.0/16` as a base and a mask. */
export function parseRange(text: string): { base: number; bits: number } {
  const [address = '', length = '32'] = text.split('/');
  return { base: address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0), bits: Number(length) };
}

/** True when the whole of `inner` (a range or an address) lies in the range. */
export function contains({ base, bits }: { base: number; bits: number }, inner: string): boolean {
  const other = parseRange(inner);
  const size = 2 ** (32 - bits);
  return other.bits >= bits && Math.floor(other.base / size) === Math.floor(base / size);
}
