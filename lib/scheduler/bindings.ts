// Pods that have a node and are not bound to it yet, because their volumes are not.
import type { Clock, Timer } from '../sim/index.ts';
import type { NodeInfo } from './node-info.ts';
import { type PodInfo, podKey } from './pod-info.ts';
import type { QueuedPod } from './queue.ts';
import type { Framework, Refusal } from './runtime.ts';

export interface PendingBinding {
  entry: QueuedPod;
  info: PodInfo;
  node: NodeInfo;
  framework: Framework;
}

/** How long the volumes of a pod may take. */
const bindTimeout = 600_000;

export class Bindings {
  readonly #clock: Clock;
  readonly #wake: () => void;
  readonly #pending = new Map<string, { binding: PendingBinding; until: number; timer: Timer }>();
  #news = false;

  constructor(clock: Clock, wake: () => void) {
    this.#clock = clock;
    this.#wake = wake;
  }

  /** True when waiting pods should be looked at. */
  get ready(): boolean {
    return this.#news && this.#pending.size > 0;
  }

  add(binding: PendingBinding): void {
    const timer = this.#clock.after(bindTimeout, () => this.look());
    this.#pending.set(podKey(binding.info.pod), { binding, until: this.#clock.now + bindTimeout, timer });
  }

  /** Something changed that they may wait for. */
  look(): void {
    if (this.#pending.size === 0) return;
    this.#news = true;
    this.#wake();
  }

  /** Those that wait no longer, each with what went wrong. */
  take(): { binding: PendingBinding; problem: Refusal | undefined }[] {
    this.#news = false;
    const out: { binding: PendingBinding; problem: Refusal | undefined }[] = [];
    for (const { binding, until } of [...this.#pending.values()]) {
      const status = binding.framework.preBind(binding.info, binding.node);
      const late = until <= this.#clock.now;
      if (status?.code === 'Wait' && !late) continue;
      this.delete(podKey(binding.info.pod));
      out.push({ binding, problem: status?.code === 'Wait' ? { ...status, reasons: ['binding volumes: timed out waiting for the condition'] } : status });
    }
    return out;
  }

  /** The pod is gone, or bound. */
  delete(key: string): PendingBinding | undefined {
    const found = this.#pending.get(key);
    if (!found) return undefined;
    this.#clock.cancel(found.timer);
    this.#pending.delete(key);
    return found.binding;
  }

  stop(): void {
    for (const key of [...this.#pending.keys()]) this.delete(key);
  }
}
