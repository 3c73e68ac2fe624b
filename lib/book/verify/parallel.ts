import { availableParallelism } from 'node:os';

/** Does the work for each item, as many at a time as there are processors; results stand in the items' order. */
export async function inParallel<T, R>(items: readonly T[], work: (item: T, index: number) => Promise<R>, width = availableParallelism()): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  async function worker(): Promise<void> {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index]!, index);
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
}
