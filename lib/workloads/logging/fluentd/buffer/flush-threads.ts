// Who moves chunks: one thread puts those that are old enough into the queue, others write what is there.
import type { Engine } from '../plugin.ts';
import type { Buffer } from './buffer.ts';
import type { BufferConfig } from './config.ts';

export interface FlushThreadsOptions {
  engine: Engine;
  buffering: BufferConfig;
  buffer: Buffer;
  /** When a failed write is tried again; undefined: nothing has failed. */
  retryAt(): number | undefined;
  flush(): void;
}

export class FlushThreads {
  readonly #options: FlushThreadsOptions;
  /** When each of them looks into the queue next. */
  readonly #next: number[];
  #running = false;

  constructor(options: FlushThreadsOptions) {
    this.#options = options;
    this.#next = Array.from({ length: Math.max(1, options.buffering.threads) }, () => 0);
  }

  start(): void {
    const { engine, buffering } = this.#options;
    this.#running = true;
    const { now } = engine.process.clock;
    this.#next.forEach((_, i) => this.#schedule(i, now + buffering.threadInterval));
    if (buffering.mode === 'interval' || buffering.keys.timekey !== undefined) engine.after(500, () => this.#enqueue());
  }

  stop(): void {
    this.#running = false;
  }

  /** Something is in the queue that need not wait. */
  wake(): void {
    this.#schedule(0, this.#options.engine.process.clock.now);
  }

  #schedule(thread: number, at: number): void {
    this.#next[thread] = at;
    const { engine } = this.#options;
    engine.after(at - engine.process.clock.now, () => this.#running && this.#next[thread] === at && this.#run(thread));
  }

  #run(thread: number): void {
    const { engine, buffer, buffering, retryAt, flush } = this.#options;
    const { clock } = engine.process;
    const retry = retryAt();
    if (retry !== undefined && retry > clock.now) return this.#schedule(thread, retry);
    flush();
    const next = retryAt();
    this.#schedule(thread, buffer.queue.length > 0 ? (next ?? clock.now + buffering.burstInterval) : clock.now + buffering.threadInterval);
  }

  /** Looks at whole seconds only, as Fluentd does. */
  #enqueue(): void {
    if (!this.#running) return;
    const { engine, buffer, buffering } = this.#options;
    const now = Math.floor(engine.process.clock.now / 1000);
    const { timekey } = buffering.keys;
    if (buffering.mode === 'interval') buffer.enqueueWhere(({ createdAt }) => createdAt / 1000 + Math.floor(buffering.flushInterval / 1000) <= now);
    if (timekey !== undefined) {
      const stretch = timekey / 1000;
      const current = now - (now % stretch);
      buffer.enqueueWhere(({ metadata }) => metadata.timekey! / 1000 < current && metadata.timekey! / 1000 + stretch + buffering.timekeyWait / 1000 <= now);
    }
    const usual = buffering.mode === 'interval' ? buffering.flushInterval : Infinity;
    const interval = timekey !== undefined && timekey < usual ? Math.min(timekey, buffering.timekeyWait) : usual;
    engine.after(Math.max(interval / 11, buffering.threadInterval), () => this.#enqueue());
  }
}
