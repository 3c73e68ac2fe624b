// An output with a buffer: what it collects, when it writes, what it does when that fails (lib/fluent/plugin/output.rb).
import { accessor } from '../accessor.ts';
import { BufferOverflow, type Event, PluginError } from '../event.ts';
import type { Formatter } from '../formatters.ts';
import { seconds, symbol } from '../log.ts';
import type { Engine, OutputPlugin } from '../plugin.ts';
import { Buffer } from './buffer.ts';
import { type Chunk, type Metadata, pack, type Packed } from './chunk.ts';
import type { BufferConfig } from './config.ts';
import { FlushThreads } from './flush-threads.ts';
import { Retry } from './retry.ts';
import { bufferPath, inFiles, inMemory } from './store.ts';

/** How a write went; `took`: milliseconds until that was known. */
export interface Attempt {
  error?: PluginError;
  took?: number;
}

/** Where an output puts chunks. */
export interface Sink {
  write(chunk: Chunk): Attempt;
  /** Missing: it gets events. */
  format?: Formatter;
  start?(): void;
}

export interface BufferedOptions extends Pick<OutputPlugin, 'type' | 'id' | 'config'> {
  engine: Engine;
  buffering: BufferConfig;
  sink: Sink;
  secondary?: Sink | undefined;
  /** Of a buffer in files that has none of its own. */
  usualPath?: string | undefined;
}

type Given = { metadata: Metadata; packed: Packed }[];

export class BufferedOutput implements OutputPlugin {
  readonly kind = 'output';
  readonly type: string;
  readonly id: string;
  readonly config: OutputPlugin['config'];
  readonly buffer: Buffer;
  readonly #engine: Engine;
  readonly #buffering: BufferConfig;
  readonly #sink: Sink;
  readonly #secondary: Sink | undefined;
  readonly #threads: FlushThreads;
  readonly #fields: { name: string; value: (record: Event['record']) => unknown }[];
  /** With overflow_action block: what waits for room. */
  readonly #waiting: Given[] = [];
  readonly #counts = { emit_records: 0, emit_count: 0, write_count: 0, retry_count: 0, rollback_count: 0 };
  #retry: Retry | undefined;

  constructor({ type, id, config, engine, buffering, sink, secondary, usualPath }: BufferedOptions) {
    [this.type, this.id, this.config] = [type, id, config];
    [this.#engine, this.#buffering, this.#sink, this.#secondary] = [engine, buffering, sink, secondary];
    this.#fields = buffering.keys.fields.map((name) => ({ name, value: accessor(name) }));
    const { process, log } = engine;
    const store = buffering.type === 'memory' ? inMemory : inFiles(process.files, { path: bufferPath(buffering.section, usualPath), suffix: buffering.section.text('path_suffix', '.log'), formatted: sink.format !== undefined });
    this.buffer = new Buffer({ limits: buffering.limits, store, clock: process.clock, random: process.random, log });
    if (buffering.flushAtShutdown === false && !this.buffer.persistent) {
      log.warn("'flush_at_shutdown' is false, and buffer plugin 'memory' is not persistent buffer.");
      log.warn('your configuration will lose buffered data at shutdown. please confirm your configuration again.');
    }
    this.#threads = new FlushThreads({ engine, buffering, buffer: this.buffer, retryAt: () => this.#retry?.next, flush: () => this.#flush() });
  }

  start(): void {
    this.buffer.start();
    this.#sink.start?.();
    this.#threads.start();
  }

  emit(tag: string, events: readonly Event[]): void {
    this.#counts.emit_count++;
    const given = events.map((event) => ({ metadata: this.#metadata(tag, event), packed: pack(tag, event, this.#sink.format) }));
    this.#write(given);
    this.#counts.emit_records += events.length;
    if (!this.#retry && this.buffer.queue.length > 0) this.#threads.wake();
  }

  #metadata(tag: string, { time, record }: Event): Metadata {
    const { keys } = this.#buffering;
    return {
      ...(keys.tag && { tag }),
      ...(keys.timekey !== undefined && { timekey: time - (time % keys.timekey) }),
      ...(this.#fields.length > 0 && { variables: Object.fromEntries(this.#fields.map(({ name, value }) => [name, value(record) ?? null])) }),
    };
  }

  #write(given: Given): void {
    const { log } = this.#engine;
    for (;;) {
      try {
        return this.buffer.write(given, { enqueue: this.#buffering.mode === 'immediate' });
      } catch (error) {
        if (!(error instanceof BufferOverflow)) throw error;
        const action = this.#buffering.overflow;
        log.warn('failed to write data into buffer by buffer overflow', { action: symbol(action) });
        if (action === 'throw_exception') throw error;
        // Differs from Fluentd: who emits goes on; it is the inputs that stand still until there is room.
        if (action === 'block') return this.#block(given);
        this.#dropOldest(error);
      }
    }
  }

  #block(given: Given): void {
    this.#waiting.push(given);
    this.#engine.block(this, true);
  }

  #dropOldest(error: BufferOverflow): void {
    const oldest = this.buffer.take();
    if (oldest) {
      this.#engine.log.warn('dropping oldest chunk to make space after buffer overflow', { chunk_id: oldest.id });
      this.buffer.purge(oldest);
    } else this.#engine.log.error('no queued chunks to be dropped for drop_oldest_chunk');
    if (this.buffer.full) throw error;
  }

  /** Writes the first chunk of the queue. */
  #flush(): void {
    const chunk = this.buffer.take();
    if (!chunk) return;
    const secondary = this.#retry?.secondary && this.#secondary ? this.#secondary : undefined;
    this.#counts.write_count++;
    const { error, took = 0 } = (secondary ?? this.#sink).write(chunk);
    const finish = () => (error ? this.#failed(chunk, error, secondary !== undefined) : this.#succeeded(chunk, secondary !== undefined));
    if (took === 0) finish();
    else this.#engine.after(took, finish);
  }

  #succeeded(chunk: Chunk, secondary: boolean): void {
    this.buffer.purge(chunk);
    if (this.#retry) this.#engine.log.warn(secondary ? 'retry succeeded by secondary.' : 'retry succeeded.', { chunk_id: chunk.id });
    this.#retry = undefined;
    this.#letIn();
  }

  /** There is room again for what waited. */
  #letIn(): void {
    while (this.#waiting.length > 0 && !this.buffer.full) this.buffer.write(this.#waiting.shift()!, { enqueue: this.#buffering.mode === 'immediate' });
    if (this.#waiting.length === 0) this.#engine.block(this, false);
  }

  #failed(chunk: Chunk, error: PluginError, secondary: boolean): void {
    const { log, process } = this.#engine;
    this.#counts.retry_count++;
    if (error.unrecoverable) return this.#giveUp(chunk, error);
    this.#counts.rollback_count++;
    this.buffer.takeBack(chunk);
    if (this.#retry) this.#retry.step();
    else this.#retry = new Retry(this.#buffering.retry, process);
    if (!this.#retry.over) {
      const message = secondary ? 'failed to flush the buffer with secondary output.' : 'failed to flush the buffer.';
      return log.warn(message, { retry_times: this.#retry.steps, next_retry_time: rounded(this.#retry.next), chunk: chunk.id, error });
    }
    const records = this.buffer.queue.reduce((sum, { size }) => sum + size, 0);
    log.error('Hit limit for retries. dropping all chunks in the buffer queue.', { retry_times: this.#retry.steps, records, error });
    this.buffer.clearQueue();
    this.#retry = undefined;
    this.#letIn();
  }

  /** Trying again would not help: into the secondary, or into a file for people to look at. */
  #giveUp(chunk: Chunk, error: PluginError): void {
    const { log, process } = this.#engine;
    if (this.#secondary) {
      log.warn('got unrecoverable error in primary. Skip retry and flush chunk to secondary', { error });
      if (!this.#secondary.write(chunk).error) return this.#succeeded(chunk, true);
    } else log.warn('got unrecoverable error in primary and no secondary', { error });
    const path = `/tmp/fluent/backup/worker0/${this.id.replace(/[/:]/g, '_')}/${chunk.id}.log`;
    log.warn(`bad chunk is moved to ${path}`);
    process.files.makeDirectories(path.slice(0, path.lastIndexOf('/')));
    process.files.write(path, chunk.text || chunk.events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    this.#succeeded(chunk, false);
  }

  shutdown(): void {
    const { flushAtShutdown = !this.buffer.persistent } = this.#buffering;
    this.#threads.stop();
    if (!flushAtShutdown) return;
    this.buffer.enqueueWhere(() => true, { force: true });
    while (!this.#retry && this.buffer.queue.length > 0) this.#flush();
  }

  info(): Record<string, unknown> {
    const { buffer } = this;
    const timekeys = [...buffer.stage.values(), ...buffer.queue].flatMap(({ metadata: { timekey } }) => (timekey === undefined ? [] : [timekey / 1000]));
    return {
      buffer_queue_length: buffer.queue.length,
      buffer_timekeys: [...new Set(timekeys)],
      buffer_total_queued_size: buffer.bytes,
      ...this.#counts,
      buffer_stage_length: buffer.stage.size,
      buffer_stage_byte_size: buffer.stageBytes,
      buffer_queue_byte_size: buffer.queueBytes,
      buffer_available_buffer_space_ratios: Math.floor((1 - buffer.bytes / buffer.totalLimit) * 1000) / 10,
      retry: this.#retry ? { steps: this.#retry.steps, next_time: rounded(this.#retry.next).text } : {},
    };
  }
}

const rounded = (at: number) => seconds(Math.round(at / 1000) * 1000);
