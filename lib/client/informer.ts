// List once, then follow the watch: how a component keeps its own copy of a kind.
import type { Resource } from '../api/index.ts';
import type { ApiServer, Watch } from '../apiserver/index.ts';
import type { Actor, Loop } from '../sim/index.ts';
import { IndexedCache } from './cache.ts';

export interface InformerOptions {
  /** Name of the component, for the loop's messages. */
  component: string;
  /** Who asks, in the API server's trace. */
  user: string;
  server: ApiServer;
  resource: Resource;
  loop: Loop;
  fieldSelector?: string;
  /** False while the component cannot reach the API server (a cut link, a stopped server). */
  reachable(): boolean;
}

/** After losing the server an informer tries again at most this often (milliseconds). */
const retryAfter = 1000;

export class Informer implements Actor {
  readonly name: string;
  readonly cache = new IndexedCache();
  #options: InformerOptions;
  #watch: Watch | undefined;
  #stopped = false;
  #retrying = false;

  constructor(options: InformerOptions) {
    this.name = `${options.component}/informer/${options.resource.kind}`;
    this.#options = options;
    this.#list();
  }

  ready(): boolean {
    return !this.#stopped && (this.#watch?.pending ?? false);
  }

  /** Takes all news in at once; what happens meanwhile waits for the next step. */
  step(): void {
    if (!this.#options.reachable() || this.#watch!.closed) return this.lose();
    const changes = this.#watch!.changes();
    for (let i = 0; i < changes.length; i++) this.cache.apply(changes[i]!.type, changes[i]!.object);
  }

  /** A crashed component forgets its copy. */
  stop(): void {
    this.#stopped = true;
    this.#watch?.stop();
    this.#options.loop.forget(this);
  }

  #list(): void {
    const { server, resource, fieldSelector, loop, reachable, user, component: userAgent } = this.#options;
    if (!reachable()) return this.lose();
    const { items, watch } = server.follow({ resource, user, userAgent }, fieldSelector);
    this.#watch = watch;
    watch.attach(this);
    this.cache.replace(items);
    if (watch.pending) loop.wake(this);
  }

  /** The connection is gone: lists again when the server answers again, and sees of what happened meanwhile only the difference. */
  lose(): void {
    this.#watch?.stop();
    this.#watch = undefined;
    if (this.#retrying || this.#stopped) return;
    this.#retrying = true;
    this.#options.loop.clock.after(retryAfter, () => {
      this.#retrying = false;
      if (!this.#stopped) this.#list();
    });
  }
}

/** The informers of one process: each kind is watched once, whoever asks. */
export class Informers {
  #byKind = new Map<string, Informer>();

  of(kind: string, make: () => Informer): Informer {
    let informer = this.#byKind.get(kind);
    if (!informer) this.#byKind.set(kind, (informer = make()));
    return informer;
  }

  stop(): void {
    for (const informer of this.#byKind.values()) informer.stop();
    this.#byKind.clear();
  }
}
