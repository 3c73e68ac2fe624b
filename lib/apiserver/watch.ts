// A watch: a cursor into a stream of the watch cache, seen through a selector.
import type { KubeObject } from '../api/index.ts';
import type { Actor } from '../sim/index.ts';
import type { Change, Stream } from './watch-cache.ts';

export interface WatchEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  object: KubeObject;
}

/** Reading moves the cursor. A reader that cannot keep up gets `Expired` (410) and lists again. */
export class Watch {
  #stream: Stream;
  #position: number;
  #matches: ((object: KubeObject) => boolean) | undefined;
  #first: WatchEvent[];
  #actor: Actor | undefined;

  constructor(stream: Stream, position: number, { matches, first = [] }: { matches?: (object: KubeObject) => boolean; first?: WatchEvent[] } = {}) {
    this.#stream = stream;
    this.#position = position;
    this.#matches = matches;
    this.#first = first;
  }

  /** The actor that the loop wakes when there is something to read. */
  attach(actor: Actor): void {
    this.#actor = actor;
    this.#stream.readers.add(actor);
  }

  stop(): void {
    if (this.#actor) this.#stream.readers.delete(this.#actor);
  }

  get pending(): boolean {
    return this.#first.length > 0 || this.#position < this.#stream.end || this.#stream.closed;
  }

  /** The API server has restarted: its client lists again. */
  get closed(): boolean {
    return this.#stream.closed;
  }

  /** True while the objects that were there at the beginning have not been read. */
  get hasInitial(): boolean {
    return this.#first.length > 0;
  }

  /** How many changes of the stream have not been read. */
  get lag(): number {
    return this.#stream.end - this.#position;
  }

  /** Raw changes since the last read; the fast road of informers without a selector. */
  changes(): readonly Change[] {
    const changes = this.#stream.from(this.#position);
    this.#position = this.#stream.end;
    return changes;
  }

  /** At most `limit` changes, for readers that take them in portions. */
  #portion(limit: number): readonly Change[] {
    const changes = this.#stream.from(this.#position, limit);
    this.#position += changes.length;
    return changes;
  }

  read(limit = Infinity): WatchEvent[] {
    if (this.#first.length > limit) return this.#first.splice(0, limit);
    const events = this.#first;
    this.#first = [];
    for (const change of limit === Infinity ? this.changes() : this.#portion(limit)) {
      const event = seenThrough(change, this.#matches);
      if (event) events.push(event);
    }
    return events;
  }
}

/** An object that begins to match is ADDED for this watcher, one that ceases to match is DELETED. */
function seenThrough(change: Change, matches?: (object: KubeObject) => boolean): WatchEvent | undefined {
  if (!matches) return { type: change.type, object: change.object };
  const before = change.prev !== undefined && matches(change.prev);
  const now = change.type !== 'DELETED' && matches(change.object);
  if (now) return { type: before ? 'MODIFIED' : 'ADDED', object: change.object };
  if (!before) return undefined;
  const last = change.prev!;
  return { type: 'DELETED', object: { ...last, metadata: { ...last.metadata, resourceVersion: String(change.revision) } } };
}
