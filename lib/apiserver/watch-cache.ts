// The watch cache: etcd's log sorted by resource, so that a watcher reads only what can concern it.
import { type KubeObject, StatusError } from '../api/index.ts';
import type { LogEntry } from '../etcd/index.ts';
import type { Actor } from '../sim/index.ts';

/** One change of one object; `prev` is what it was before. */
export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly revision: number;
  readonly object: KubeObject;
  readonly prev?: KubeObject;
}

/** A piece of the log, with the actors that wait for it. Positions are absolute: they survive trimming. */
export class Stream {
  #changes: Change[] = [];
  #dropped = 0;
  /** Revision of the newest change that was dropped. */
  droppedRevision = 0;
  readonly readers = new Set<Actor>();
  /** The server that kept this stream has ended: nothing will follow. */
  closed = false;

  get end(): number {
    return this.#dropped + this.#changes.length;
  }

  append(change: Change): void {
    this.#changes.push(change);
  }

  /** Changes from an absolute position on, all or the first `limit`. */
  from(position: number, limit?: number): readonly Change[] {
    if (position < this.#dropped) throw expired();
    const at = position - this.#dropped;
    return position === this.end ? [] : this.#changes.slice(at, limit && at + limit);
  }

  /** The position of the first change after `revision`. */
  after(revision: number): number {
    if (revision < this.droppedRevision) throw expired(revision, this.droppedRevision);
    let [low, high] = [0, this.#changes.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#changes[middle]!.revision > revision) high = middle;
      else low = middle + 1;
    }
    return this.#dropped + low;
  }

  close(wake: (actor: Actor) => void): void {
    this.closed = true;
    this.readers.forEach(wake);
  }

  /** Drops changes up to `revision`. */
  trim(revision: number): void {
    let n = 0;
    while (n < this.#changes.length && this.#changes[n]!.revision <= revision) n++;
    this.droppedRevision = revision;
    this.#changes.splice(0, n);
    this.#dropped += n;
  }
}

export function expired(asked?: number, oldest?: number): StatusError {
  const which = asked === undefined ? '' : `: ${asked} (${oldest})`;
  return new StatusError('Expired', 410, `too old resource version${which}`);
}

/** One resource's stream, and a part of it for each node name that somebody watches. */
export class ResourceStream extends Stream {
  #byNode = new Map<string, Stream>();
  /** Objects that were there before the first write, and that readers are told of only when something happens to their kind. */
  untold: (() => readonly KubeObject[]) | undefined;

  tell(wake: (actor: Actor) => void): void {
    const objects = this.untold?.() ?? [];
    this.untold = undefined;
    for (const object of objects) this.append({ type: 'ADDED', revision: Number(object.metadata.resourceVersion), object });
    if (objects.length > 0) this.readers.forEach(wake);
  }

  /** The changes of objects that are or were on this node (`spec.nodeName`). */
  onNode(node: string): Stream {
    let part = this.#byNode.get(node);
    if (!part) {
      part = new Stream();
      for (const change of this.from(this.after(this.droppedRevision))) if (touches(change, node)) part.append(change);
      part.droppedRevision = this.droppedRevision;
      this.#byNode.set(node, part);
    }
    return part;
  }

  /** Appends and tells which readers have something to read. */
  route(change: Change, wake: (actor: Actor) => void): void {
    if (this.untold) this.tell(wake);
    this.append(change);
    this.readers.forEach(wake);
    if (this.#byNode.size === 0) return;
    const now = nodeOf(change.object);
    const before = change.prev && nodeOf(change.prev);
    this.#toNode(now, change, wake);
    if (before !== now) this.#toNode(before, change, wake);
  }

  #toNode(node: string | undefined, change: Change, wake: (actor: Actor) => void): void {
    const part = node === undefined ? undefined : this.#byNode.get(node);
    if (!part) return;
    part.append(change);
    part.readers.forEach(wake);
  }

  override close(wake: (actor: Actor) => void): void {
    super.close(wake);
    for (const part of this.#byNode.values()) part.close(wake);
  }

  override trim(revision: number): void {
    super.trim(revision);
    for (const part of this.#byNode.values()) part.trim(revision);
  }
}

const nodeOf = (object: KubeObject): string | undefined => object.spec?.nodeName;
const touches = (change: Change, node: string) => nodeOf(change.object) === node || (change.prev !== undefined && nodeOf(change.prev) === node);

/** What the watch cache asks of etcd. */
export interface History {
  /** What happened after a revision to keys with a prefix. */
  since(revision: number, prefix: string): readonly LogEntry[];
}

export class WatchCache {
  /** Everything up to this revision has been sorted into the streams. */
  revision: number;
  #history: History;
  #trimmed: number;
  #streams = new Map<string, ResourceStream>();
  /** The stream of each directory of keys; undefined where nobody has asked for one yet. */
  #byDirectory = new Map<string, ResourceStream | undefined>();

  constructor(revision: number, history: History) {
    this.revision = revision;
    this.#trimmed = revision;
    this.#history = history;
  }

  /** The stream of an etcd prefix such as `/registry/pods/`; what happened before somebody asked is read from etcd's log. */
  stream(prefix: string): ResourceStream {
    let stream = this.#streams.get(prefix);
    if (!stream) {
      stream = new ResourceStream();
      stream.droppedRevision = this.#trimmed;
      for (const entry of this.#history.since(this.#trimmed, prefix)) if (entry.kv.modRevision <= this.revision) stream.append(changeOf(entry));
      this.#streams.set(prefix, stream);
      this.#byDirectory.clear();
    }
    return stream;
  }

  /** Takes new entries of etcd's log in. */
  take(entries: readonly LogEntry[], wake: (actor: Actor) => void): void {
    for (const entry of entries) {
      this.revision = entry.kv.modRevision;
      const { directory } = entry.kv;
      let stream = this.#byDirectory.get(directory);
      if (stream === undefined && !this.#byDirectory.has(directory)) this.#byDirectory.set(directory, (stream = this.#streams.get(resourcePrefix(directory))));
      stream?.route(changeOf(entry), wake);
    }
  }

  /** Ends all watches. */
  close(wake: (actor: Actor) => void): void {
    for (const stream of this.#streams.values()) stream.close(wake);
  }

  trim(revision: number): void {
    this.#trimmed = revision;
    for (const stream of this.#streams.values()) stream.trim(revision);
  }
}

/** `/registry/pods/` of `/registry/pods/default/`; services, endpoints and what lies in the folder of its group one deeper. */
function resourcePrefix(directory: string): string {
  const end = directory.indexOf('/', '/registry/'.length) + 1;
  const short = directory.slice(0, end);
  return short === '/registry/services/' || short.includes('.') ? directory.slice(0, directory.indexOf('/', end) + 1) : short;
}

function changeOf({ type, kv, prev }: LogEntry): Change {
  const revision = kv.modRevision;
  const before = prev?.value as KubeObject | undefined;
  if (type === 'PUT') return { type: before ? 'MODIFIED' : 'ADDED', revision, object: kv.value as KubeObject, prev: before };
  const last = before!;
  return { type: 'DELETED', revision, object: Object.freeze({ ...last, metadata: Object.freeze({ ...last.metadata, resourceVersion: String(revision) }) }), prev: last };
}
