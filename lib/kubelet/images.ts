// Pulling images: policies, back-off, one pull at a time, and the events that tell of it.
import type { Container, Version } from '../api/index.ts';
import type { ImageStatus, RegistryLogin, Runtime } from '../machine/index.ts';
import type { Clock } from '../sim/index.ts';
import { BackOff, goDuration } from './back-off.ts';
import type { Worker } from './worker.ts';

type EnsureImage = { image: ImageStatus } | { pulling: true } | { error: string; message: string; retryAt?: number };
export type RecordEvent = (worker: Worker, container: string, type: 'Normal' | 'Warning', reason: string, message: string) => void;

export interface ImageManagerOptions {
  runtime: Runtime;
  clock: Clock;
  version: Version;
  event: RecordEvent;
  /** The account that a pod brings for an image's registry. */
  login(worker: Worker, image: string): RegistryLogin | undefined;
  /** The pull that a pod waited for is over. */
  done(worker: Worker): void;
}

interface Request {
  worker: Worker;
  container: string;
  image: string;
  queuedAt: number;
}

export class ImageManager {
  #options: ImageManagerOptions;
  #backOff = new BackOff();
  #queue: Request[] = [];
  #pulling = false;
  #stopped = false;
  /** The last error of each pull that failed, for the message of ImagePullBackOff. */
  #errors = new Map<string, string>();

  constructor(options: ImageManagerOptions) {
    this.#options = options;
  }

  /** The kubelet ended: whatever is still being downloaded is for nobody. */
  stop(): void {
    this.#stopped = true;
    this.#queue = [];
  }

  ensure(worker: Worker, container: Container): EnsureImage {
    const { runtime, version, clock, event } = this.#options;
    const { name, image = '', imagePullPolicy } = container;
    let present: ImageStatus | undefined;
    try {
      present = runtime.image(image);
    } catch (error) {
      const what = version.has('image-name-parser') ? 'name' : 'reference';
      const message = `Failed to apply default image tag ${JSON.stringify(image)}: couldn't parse image ${what} ${JSON.stringify(image)}: ${(error as Error).message}`;
      event(worker, name, 'Warning', 'InspectFailed', message);
      return { error: 'InvalidImageName', message };
    }
    if (present && imagePullPolicy !== 'Always') {
      event(worker, name, 'Normal', 'Pulled', `Container image ${JSON.stringify(image)} already present on machine`);
      return { image: present };
    }
    if (imagePullPolicy === 'Never') {
      const message = `Container image ${JSON.stringify(image)} is not present with pull policy of Never`;
      event(worker, name, 'Warning', 'ErrImageNeverPull', message);
      return { error: 'ErrImageNeverPull', message };
    }
    const key = `${worker.uid}_${image}`;
    const retryAt = this.#backOff.untilSinceUpdate(key, clock.now);
    if (retryAt !== undefined && retryAt > clock.now) {
      const message = `Back-off pulling image ${JSON.stringify(image)}`;
      event(worker, name, 'Normal', 'BackOff', message);
      const last = version.has('pull-backoff-names-error') ? this.#errors.get(key) : undefined;
      return { error: 'ImagePullBackOff', message: last ? `${message}: ErrImagePull: ${last}` : message, retryAt };
    }
    event(worker, name, 'Normal', 'Pulling', `Pulling image ${JSON.stringify(image)}`);
    worker.pull = { container: name, image, state: 'pulling' };
    this.#queue.push({ worker, container: name, image, queuedAt: clock.now });
    this.#next();
    return { pulling: true };
  }

  /** When the back-off of a failed pull is over. */
  retryAt(worker: Worker, image: string): number | undefined {
    return this.#backOff.untilSinceUpdate(`${worker.uid}_${image}`, this.#options.clock.now);
  }

  forget(worker: Worker): void {
    this.#backOff.forget(worker.uid);
    for (const key of this.#errors.keys()) if (key.startsWith(worker.uid)) this.#errors.delete(key);
  }

  #next(): void {
    if (this.#pulling || this.#queue.length === 0) return;
    const request = this.#queue.shift()!;
    const { runtime, clock, login } = this.#options;
    const startedAt = clock.now;
    this.#pulling = true;
    runtime.pull(request.image, (error) => {
      this.#pulling = false;
      if (this.#stopped) return;
      this.#finish(request, startedAt, error);
      this.#next();
    }, login(request.worker, request.image));
  }

  #finish({ worker, container, image, queuedAt }: Request, startedAt: number, error: string | undefined): void {
    const { clock, event, done } = this.#options;
    // Deleted meanwhile: nobody waits for it.
    if (worker.gone || worker.pull?.image !== image) return;
    const key = `${worker.uid}_${image}`;
    if (error !== undefined) {
      event(worker, container, 'Warning', 'Failed', `Failed to pull image ${JSON.stringify(image)}: ${error}`);
      this.#backOff.next(key, clock.now, clock.now);
      this.#errors.set(key, error);
      worker.pull = { container, image, state: 'failed', error };
    } else {
      event(worker, container, 'Normal', 'Pulled', this.#pulled(image, clock.now - startedAt, clock.now - queuedAt));
      worker.pull = { container, image, state: 'done' };
    }
    done(worker);
  }

  #pulled(image: string, took: number, waited: number): string {
    const { version, runtime } = this.#options;
    const text = `Successfully pulled image ${JSON.stringify(image)} in `;
    if (!version.has('pulled-message-waiting')) return text + goDuration(waited);
    const times = `${text}${goDuration(took)} (${goDuration(waited)} including waiting)`;
    return version.has('pulled-message-size') ? `${times}. Image size: ${runtime.image(image)?.size ?? 0} bytes.` : times;
  }
}
