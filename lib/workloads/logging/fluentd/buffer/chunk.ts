// A part of a buffer that is written as a whole: events of one tag, one stretch of time, one value of the chunk keys.
import { sizeOf } from '../../../../machine/index.ts';
import type { Random } from '../../../../sim/index.ts';
import type { Event } from '../event.ts';
import type { Formatter } from '../formatters.ts';
import { eventSize } from '../msgpack-size.ts';

export interface Metadata {
  tag?: string;
  /** Milliseconds: the beginning of its stretch of time. */
  timekey?: number;
  variables?: Readonly<Record<string, unknown>>;
}

export const keyOf = ({ tag, timekey, variables }: Metadata): string => JSON.stringify([timekey, tag, variables]);

export interface Chunk {
  readonly id: string;
  readonly metadata: Metadata;
  /** Milliseconds. */
  readonly createdAt: number;
  bytes: number;
  size: number;
  /** Of an output that formats: what it will write. */
  text: string;
  /** Of any other. */
  events: Event[];
}

/** The time and chance, in hexadecimal (lib/fluent/unique_id.rb). */
export function newId(now: number, random: Random): string {
  const head = (BigInt(now) * 1000n * 4096n + BigInt(random.int(4096))) & ((1n << 64n) - 1n);
  return head.toString(16).padStart(16, '0') + random.uuid().replaceAll('-', '').slice(0, 16);
}

export const newChunk = (id: string, metadata: Metadata, createdAt: number): Chunk => ({ id, metadata, createdAt, bytes: 0, size: 0, text: '', events: [] });

/** An event as it lies in a chunk. */
export interface Packed {
  event: Event;
  bytes: number;
  text: string | undefined;
}

export function pack(tag: string, event: Event, format: Formatter | undefined): Packed {
  const text = format?.(tag, event);
  return { event, text, bytes: text === undefined ? eventSize(event.record) : sizeOf(text) };
}

export function append(chunk: Chunk, { event, bytes, text }: Packed): void {
  if (text === undefined) chunk.events.push(event);
  else chunk.text += text;
  chunk.bytes += bytes;
  chunk.size++;
}
