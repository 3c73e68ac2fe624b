// How many bytes a value has as MessagePack: what limits of buffers count.
import { sizeOf } from '../../../machine/index.ts';

export function packedSize(value: unknown): number {
  if (value === null || value === undefined || typeof value === 'boolean') return 1;
  if (typeof value === 'number') return Number.isInteger(value) ? integerSize(Math.abs(value)) : 9;
  if (typeof value === 'string') return textSize(sizeOf(value));
  if (Array.isArray(value)) return listSize(value.length) + value.reduce<number>((sum, one) => sum + packedSize(one), 0);
  const entries = Object.entries(value as object);
  return listSize(entries.length) + entries.reduce((sum, [name, one]) => sum + packedSize(name) + packedSize(one), 0);
}

/** An event of a stream: a pair of its time (10 bytes) and its record. */
export const eventSize = (record: unknown): number => 11 + packedSize(record);

const integerSize = (n: number) => (n < 128 ? 1 : n < 256 ? 2 : n < 65_536 ? 3 : n < 2 ** 32 ? 5 : 9);
const textSize = (bytes: number) => bytes + (bytes < 32 ? 1 : bytes < 256 ? 2 : bytes < 65_536 ? 3 : 5);
const listSize = (length: number) => (length < 16 ? 1 : length < 65_536 ? 3 : 5);
