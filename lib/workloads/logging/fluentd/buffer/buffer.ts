// A buffer: chunks on the stage grow, chunks in the queue wait to be written (lib/fluent/plugin/buffer.rb).
// Differs from Fluentd: events go into chunks one by one, not in tenths of what came together.
import type { Clock, Random } from '../../../../sim/index.ts';
import { BufferOverflow, PluginError } from '../event.ts';
import type { FluentdLog } from '../log.ts';
import { append, type Chunk, keyOf, type Metadata, newChunk, newId, type Packed } from './chunk.ts';
import type { Store } from './store.ts';

export interface Limits {
  /** Bytes and records of a chunk. */
  chunk: number;
  records: number;
  /** From this part of it on a chunk is full. */
  full: number;
  /** Bytes of all chunks. */
  total: number;
  /** Chunks in the queue, beyond which none is put there because of its age. */
  queued: number;
}

export interface BufferOptions {
  limits: Limits;
  store: Store;
  clock: Clock;
  random: Random;
  log: FluentdLog;
}

export class Buffer {
  readonly stage = new Map<string, Chunk>();
  readonly queue: Chunk[] = [];
  /** Taken from the queue, and being written. */
  readonly #taken = new Set<Chunk>();
  readonly #options: BufferOptions;

  constructor(options: BufferOptions) {
    this.#options = options;
  }

  get persistent(): boolean {
    return this.#options.store.persistent;
  }
  get stageBytes(): number {
    return sum(this.stage.values());
  }
  get queueBytes(): number {
    return sum(this.queue) + sum(this.#taken);
  }
  get bytes(): number {
    return this.stageBytes + this.queueBytes;
  }
  get totalLimit(): number {
    return this.#options.limits.total;
  }
  get full(): boolean {
    return this.bytes >= this.#options.limits.total;
  }

  start(): void {
    for (const { chunk, state } of this.#options.store.resume()) {
      if (state === 'staged') this.stage.set(keyOf(chunk.metadata), chunk);
      else this.queue.push(chunk);
    }
  }

  /** Throws a BufferOverflow when there is no more room. `enqueue`: nothing stays on the stage. */
  write(events: readonly { metadata: Metadata; packed: Packed }[], { enqueue }: { enqueue: boolean }): void {
    if (events.length === 0) return;
    if (this.full) throw new BufferOverflow();
    const { limits, store } = this.#options;
    const grown = new Set<Chunk>();
    const tooLarge: string[] = [];
    for (const [i, { metadata, packed }] of events.entries()) {
      if (packed.bytes > limits.chunk) {
        tooLarge.push(`a ${packed.bytes} bytes record (nth: ${i}) is larger than buffer chunk limit size (${limits.chunk})`);
        continue;
      }
      let chunk = this.#staged(metadata);
      if (chunk.size > 0 && (chunk.bytes + packed.bytes > limits.chunk || chunk.size + 1 > limits.records)) {
        grown.delete(chunk);
        this.enqueue(chunk);
        chunk = this.#staged(metadata);
      }
      append(chunk, packed);
      grown.add(chunk);
    }
    for (const chunk of grown) {
      if (enqueue || chunk.bytes >= limits.chunk * limits.full || chunk.size >= limits.records * limits.full) this.enqueue(chunk);
      else store.keep(chunk, 'staged');
    }
    if (tooLarge.length > 0) throw new PluginError('Fluent::Plugin::Buffer::BufferChunkOverflowError', tooLarge.join(', '));
  }

  #staged(metadata: Metadata): Chunk {
    const { clock, random } = this.#options;
    const key = keyOf(metadata);
    let chunk = this.stage.get(key);
    if (!chunk) this.stage.set(key, (chunk = newChunk(newId(clock.now, random), metadata, clock.now)));
    return chunk;
  }

  enqueue(chunk: Chunk): void {
    this.stage.delete(keyOf(chunk.metadata));
    if (chunk.size === 0) return;
    this.queue.push(chunk);
    this.#options.store.keep(chunk, 'queued');
  }

  /** Those that are due; unless `force`, as many as the queue may have. */
  enqueueWhere(due: (chunk: Chunk) => boolean, { force = false } = {}): void {
    for (const chunk of [...this.stage.values()]) {
      if (!force && this.queue.length >= this.#options.limits.queued) return;
      if (due(chunk)) this.enqueue(chunk);
    }
  }

  take(): Chunk | undefined {
    const chunk = this.queue.shift();
    if (chunk) this.#taken.add(chunk);
    return chunk;
  }

  takeBack(chunk: Chunk): void {
    if (this.#taken.delete(chunk)) this.queue.unshift(chunk);
  }

  /** It was written, or nobody wants it any more. */
  purge(chunk: Chunk): void {
    this.#taken.delete(chunk);
    this.#options.store.remove(chunk);
  }

  clearQueue(): void {
    for (const chunk of this.queue.splice(0)) this.#options.store.remove(chunk);
  }
}

const sum = (chunks: Iterable<Chunk>) => [...chunks].reduce((all, { bytes }) => all + bytes, 0);
