// Which place of a range is given out next (pkg/registry/core/service/allocator, randomScanStrategyWithOffset).
export interface PlaceOptions {
  size: number;
  /** So many places at the low end are taken only when the others are used up. */
  reserved?: number;
  /** Names a place, 0 to n-1: the first free one at or after it is given out, round the range. */
  choose: (n: number) => number;
}

/** A place, 0 to size-1, that is not used; undefined when all are. */
export function freePlace(used: ReadonlySet<number>, { size, reserved = 0, choose }: PlaceOptions): number | undefined {
  const low = reserved < size ? reserved : 0;
  return freeFrom(used, { start: low, end: size, choose }) ?? freeFrom(used, { start: 0, end: low, choose });
}

function freeFrom(used: ReadonlySet<number>, { start, end, choose }: { start: number; end: number; choose: (n: number) => number }): number | undefined {
  const count = end - start;
  if (count <= 0) return undefined;
  const first = choose(count);
  for (let i = 0; i < count; i++) {
    const place = start + ((first + i) % count);
    if (!used.has(place)) return place;
  }
  return undefined;
}
