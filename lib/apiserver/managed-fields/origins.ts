// How objects came about whose managed fields nobody has asked for yet. Components write far more often than somebody
// looks at who owns what, so their writes are only noted, and reckoned up when they are needed.
import type { KubeObject, Manifest, Resource } from '../../api/index.ts';
import type { Entries } from './write-context.ts';

/** One write of a component. Its shape is the same for all, since it is made for every write. */
export interface Note {
  /** What was there before; undefined for a create. */
  before: KubeObject | undefined;
  after: KubeObject;
  /** The row through which it was written; undefined where the kind says it. */
  resource: Resource | undefined;
  /** What was sent to create it. */
  sent: Manifest | undefined;
  /** Undefined when the write is nobody's, such as a binding: owners stay who they are. */
  manager: string | undefined;
  subresource: string;
  /** Milliseconds of virtual time. */
  time: number;
}

type Origin = { note: Note; depth: number; view: undefined } | { view: KubeObject };

/** Older notes are reckoned up first, so that they hold no long history of versions. */
const maxDepth = 8;
/** So many notes are kept as they come. */
const maxQueue = 100_000;

export class Origins {
  #queue: Note[] = [];
  #origins = new WeakMap<KubeObject, Origin>();
  #reckon: (note: Note, entries: Entries) => Entries;

  /** `reckon` gives the managed fields after a noted write, from those before it. */
  constructor(reckon: (note: Note, entries: Entries) => Entries) {
    this.#reckon = reckon;
  }

  add(note: Note): void {
    this.#queue.push(note);
    if (this.#queue.length >= maxQueue) this.settle();
  }

  /** Puts what was noted with the objects, so that what is gone can be forgotten. */
  settle(): void {
    const notes = this.#queue;
    this.#queue = [];
    for (const note of notes) this.#take(note);
  }

  /**
   * Several writes of one manager count as one.
   * Differs from Kubernetes: what it changes and changes back meanwhile does not become its own.
   */
  #take(note: Note): void {
    const { before, after, manager, subresource } = note;
    const last = before && this.#origins.get(before);
    if (manager === undefined) {
      if (last) this.#origins.set(after, last.view ? { view: withEntries(after, entriesOf(last.view)) } : last);
    } else if (last && !last.view && last.note.before && last.note.manager === manager && last.note.subresource === subresource) {
      const time = sameFields(before, after) ? last.note.time : note.time;
      this.#origins.set(after, { note: { ...note, before: last.note.before, time }, depth: last.depth, view: undefined });
    } else {
      const deep = last && !last.view && last.depth >= maxDepth;
      if (deep) this.#viewOf(before);
      this.#origins.set(after, { note, depth: last && !last.view && !deep ? last.depth + 1 : 0, view: undefined });
    }
  }

  /** The object with its managed fields. */
  view(object: KubeObject): KubeObject {
    if (this.#queue.length > 0) this.settle();
    return this.#viewOf(object);
  }

  #viewOf(object: KubeObject): KubeObject {
    const origin = this.#origins.get(object);
    if (!origin) return object;
    if (origin.view) return origin.view;
    const { before } = origin.note;
    const view = withEntries(object, this.#reckon(origin.note, before && entriesOf(this.#viewOf(before))));
    this.#origins.set(object, { view });
    return view;
  }
}

const entriesOf = ({ metadata }: KubeObject) => metadata.managedFields as Entries;

function withEntries(object: KubeObject, entries: Entries): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata: { ...metadata, ...(entries && { managedFields: entries as KubeObject['metadata']['managedFields'] }) } };
}

const sameFields = (a: KubeObject, b: KubeObject) => sameShape(a.status, b.status) && sameShape(a.spec, b.spec);

/** The same fields, whatever their values are. */
function sameShape(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return typeof a === typeof b;
  const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>];
  for (const key in x) if (!(key in y) || !sameShape(x[key], y[key])) return false;
  for (const key in y) if (!(key in x)) return false;
  return true;
}
