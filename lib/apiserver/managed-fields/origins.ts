// How objects came about whose managed fields nobody has asked for yet. Components write far more often than somebody
// looks at who owns what, so their writes are only noted, and reckoned up when they are needed.
import type { KubeObject, Manifest } from '../../api/index.ts';
import type { ManagedFieldsEntry } from './managed.ts';

/** Who wrote, as a write through one endpoint of one version. Shared by all its writes. */
export interface Writer {
  manager: string;
  apiVersion: string;
  subresource: string;
}

export interface Origin {
  writer: Writer;
  /** Milliseconds of virtual time. */
  time: number;
  /** What was sent to create it, or what was there before. */
  sent?: Manifest;
  before?: KubeObject;
  after: KubeObject;
  /** How many noted writes lie before this one. */
  depth: number;
}

type Entries = ManagedFieldsEntry[] | undefined;
type Known = Origin | { view: KubeObject };

/** Older notes are reckoned up first, so that they hold no long history of versions. */
const maxDepth = 8;

export class Origins {
  #known = new WeakMap<KubeObject, Known>();
  #reckon: (origin: Origin, entries: Entries) => Entries;

  /** `reckon` gives the managed fields after a noted write, from those before it. */
  constructor(reckon: (origin: Origin, entries: Entries) => Entries) {
    this.#reckon = reckon;
  }

  noteCreate(after: KubeObject, sent: Manifest, { writer, time }: Pick<Origin, 'writer' | 'time'>): void {
    this.#known.set(after, { writer, time, sent, before: undefined, after, depth: 0 });
  }

  /**
   * Several writes of one writer count as one.
   * Differs from Kubernetes: what it changes and changes back meanwhile does not become its own.
   */
  noteUpdate(before: KubeObject, after: KubeObject, { writer, time }: Pick<Origin, 'writer' | 'time'>): void {
    const last = this.#known.get(before);
    if (last && !('view' in last) && last.before && last.writer === writer) {
      const sameFields = sameShape(before.status, after.status) && sameShape(before.spec, after.spec);
      this.#known.set(after, { writer, time: sameFields ? last.time : time, sent: undefined, before: last.before, after, depth: last.depth });
      return;
    }
    const depth = last && !('view' in last) ? last.depth + 1 : 0;
    if (depth > maxDepth) this.view(before);
    this.#known.set(after, { writer, time, sent: undefined, before, after, depth: depth > maxDepth ? 0 : depth });
  }

  /** A write that is nobody's, such as a binding: owners stay who they are. */
  carry(before: KubeObject, after: KubeObject): void {
    const last = this.#known.get(before);
    if (last) this.#known.set(after, 'view' in last ? { view: withEntries(after, last.view.metadata.managedFields as Entries) } : last);
  }

  /** The object with its managed fields. */
  view(object: KubeObject): KubeObject {
    const known = this.#known.get(object);
    if (!known) return object;
    if ('view' in known) return known.view;
    const view = withEntries(object, this.#reckon(known, known.before && (this.view(known.before).metadata.managedFields as Entries)));
    this.#known.set(object, { view });
    return view;
  }
}

function withEntries(object: KubeObject, entries: Entries): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata: { ...metadata, ...(entries && { managedFields: entries as KubeObject['metadata']['managedFields'] }) } };
}

/** The same fields, whatever their values are. */
function sameShape(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return typeof a === typeof b;
  const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>];
  for (const key in x) if (!(key in y) || !sameShape(x[key], y[key])) return false;
  for (const key in y) if (!(key in x)) return false;
  return true;
}
