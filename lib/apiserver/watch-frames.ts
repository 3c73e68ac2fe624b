// A watch as a client of the HTTP API sees it: events in the form it asked for, bookmarks, and an error as the last word.
import { type KubeObject, StatusError } from '../api/index.ts';
import type { ApiServer } from './server.ts';
import type { Watch, WatchEvent } from './watch.ts';

export interface WatchFrame {
  type: WatchEvent['type'] | 'ERROR';
  object: unknown;
}

export interface WatchFramesOptions {
  /** `apiVersion` and `kind` of the objects. */
  of: { apiVersion: string; kind: string };
  /** Puts an object into the form that was asked for. `first` is true for the first event of the stream. */
  form(object: KubeObject, first: boolean): unknown;
  /** The client knows what a BOOKMARK is (`allowWatchBookmarks`). */
  bookmarks?: boolean;
  /** A bookmark says where the initial events end (`sendInitialEvents`). */
  marksInitialEnd?: boolean;
}

const initialEventsEnd = { 'k8s.io/initial-events-end': 'true' };

/** `watch` may be the refusal to open one: the client is told with the first event, as kube-apiserver does. */
export class WatchFrames {
  /** True when nothing will follow any more. */
  ended = false;
  readonly #server: ApiServer;
  readonly #watch: Watch | StatusError;
  readonly #options: WatchFramesOptions;
  #first = true;
  #initial: number | undefined;

  constructor(server: ApiServer, watch: Watch | StatusError, options: WatchFramesOptions) {
    this.#server = server;
    this.#watch = watch;
    this.#options = options;
    if (options.marksInitialEnd) this.#initial = server.storage.store.revision;
  }

  get pending(): boolean {
    if (this.ended) return false;
    return this.#watch instanceof StatusError || this.#initial !== undefined || this.#watch.pending;
  }

  /** How many changes the reader is behind. */
  get lag(): number {
    return this.#watch instanceof StatusError ? 0 : this.#watch.lag;
  }

  /** The next frames, from at most `limit` changes. */
  read(limit?: number): WatchFrame[] {
    const watch = this.#watch;
    try {
      if (watch instanceof StatusError) throw watch;
      if (watch.closed) this.ended = true;
      const frames = watch.read(limit).map((event) => this.#frame(event));
      if (this.#initial !== undefined && !watch.hasInitial) {
        frames.push(this.#bookmark(this.#initial, initialEventsEnd));
        this.#initial = undefined;
      }
      return frames;
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      this.ended = true;
      return [{ type: 'ERROR', object: error.toStatus() }];
    }
  }

  /** How far this client has seen everything; undefined when it wants no bookmarks or is behind. */
  bookmark(): WatchFrame | undefined {
    if (!this.#options.bookmarks || this.ended || this.pending) return undefined;
    return this.#bookmark(this.#server.storage.store.revision);
  }

  stop(): void {
    this.ended = true;
    if (!(this.#watch instanceof StatusError)) this.#watch.stop();
  }

  #frame({ type, object }: WatchEvent): WatchFrame {
    const formed = this.#options.form(object, this.#first);
    this.#first = false;
    return { type, object: formed };
  }

  #bookmark(revision: number, annotations?: Record<string, string>): WatchFrame {
    const { apiVersion, kind } = this.#options.of;
    return { type: 'BOOKMARK', object: { kind, apiVersion, metadata: { resourceVersion: String(revision), creationTimestamp: null, ...(annotations && { annotations }) } } };
  }
}
