// Image garbage collection: when the disk fills up, images that no container uses go, the longest unused first (pkg/kubelet/images).
import type { Version } from '../api/index.ts';
import type { Machine, Runtime } from '../machine/index.ts';
import type { Clock, Timer } from '../sim/index.ts';
import { type Configuration, milliseconds } from './configuration.ts';

export interface ImageCollectorOptions {
  clock: Clock;
  machine: Machine;
  runtime: Runtime;
  version: Version;
  configuration: Configuration;
  nodeEvent(type: 'Warning', reason: string, message: string): void;
}

const period = 300_000;

export class ImageCollector {
  readonly #options: ImageCollectorOptions;
  readonly #startedAt: number;
  #timer: Timer | undefined;
  #failedBefore = false;

  constructor(options: ImageCollectorOptions) {
    this.#options = options;
    this.#startedAt = options.clock.now;
  }

  stop(): void {
    this.#options.clock.cancel(this.#timer);
  }

  /** Every five minutes it is looked; but only while there is something to do. */
  changed(): void {
    const { clock } = this.#options;
    if (!this.#isTooFull() || (this.#timer && !this.#timer.cancelled && this.#timer.at > clock.now)) return;
    const wait = period - ((clock.now - this.#startedAt) % period);
    this.#timer = clock.after(wait, () => {
      this.#collect();
      this.changed();
    });
  }

  #usedPercent(): number {
    const { disk, diskAvailable } = this.#options.machine;
    return 100 - Math.floor((diskAvailable * 100) / disk);
  }

  #isTooFull(): boolean {
    return this.#usedPercent() >= this.#options.configuration.imageGCHighThresholdPercent;
  }

  #collect(): void {
    if (!this.#isTooFull()) return;
    const { machine, configuration, nodeEvent, version } = this.#options;
    const wanted = Math.floor((machine.disk * (100 - configuration.imageGCLowThresholdPercent)) / 100) - machine.diskAvailable;
    const freed = this.free(wanted);
    if (freed >= wanted) return void (this.#failedBefore = false);
    const message = version.has('image-gc-eligible')
      ? `Failed to garbage collect required amount of images. Attempted to free ${wanted} bytes, but only found ${freed} bytes eligible to free.`
      : `failed to garbage collect required amount of images. Wanted to free ${wanted} bytes, but freed ${freed} bytes`;
    nodeEvent('Warning', 'FreeDiskSpaceFailed', message);
    if (this.#failedBefore) nodeEvent('Warning', 'ImageGCFailed', message);
    this.#failedBefore = true;
  }

  /** Removes unused images until so many bytes are free; how many were. */
  free(wanted: number): number {
    const { clock, runtime, configuration } = this.#options;
    const age = milliseconds(configuration.imageMinimumGCAge);
    const unused = runtime.images().filter((image) => !runtime.imageInUse(image) && clock.now - image.since >= age);
    let freed = 0;
    for (const image of unused.sort((a, b) => a.lastUsed - b.lastUsed || a.since - b.since)) {
      if (freed >= wanted) break;
      runtime.removeImage(image.name);
      freed += image.size;
    }
    return freed;
  }
}
