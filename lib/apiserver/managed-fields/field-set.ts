// A set of fields as a tree: which fields of an object somebody owns. FieldsV1 is how it is written.
import { compareElements, type PathElement } from './path-element.ts';

/** `{ "f:data": { ".": {}, "f:a": {} } }`: `.` says that the field itself is in the set, not only what is in it. */
export interface FieldsV1 {
  [element: string]: FieldsV1;
}

/** Sets are built with `insert` and never changed once somebody else has them. */
export class FieldSet {
  readonly members = new Set<PathElement>();
  readonly children = new Map<PathElement, FieldSet>();

  static of(...paths: PathElement[][]): FieldSet {
    const set = new FieldSet();
    for (const path of paths) set.insert(path);
    return set;
  }

  /** The empty path is the whole object, which nobody owns. */
  insert(path: readonly PathElement[]): void {
    if (path.length === 0) return;
    let set: FieldSet = this;
    for (let i = 0; i < path.length - 1; i++) set = set.descend(path[i]!);
    set.members.add(path.at(-1)!);
  }

  descend(element: PathElement): FieldSet {
    let child = this.children.get(element);
    if (!child) this.children.set(element, (child = new FieldSet()));
    return child;
  }

  has(path: readonly PathElement[]): boolean {
    let set: FieldSet | undefined = this;
    for (let i = 0; set && i < path.length - 1; i++) set = set.children.get(path[i]!);
    return set !== undefined && path.length > 0 && set.members.has(path.at(-1)!);
  }

  get empty(): boolean {
    return this.members.size === 0 && [...this.children.values()].every((child) => child.empty);
  }

  union(other: FieldSet): FieldSet {
    const out = new FieldSet();
    for (const set of [this, other]) for (const element of set.members) out.members.add(element);
    for (const [element, child] of this.children) out.#put(element, other.children.has(element) ? child.union(other.children.get(element)!) : child);
    for (const [element, child] of other.children) if (!this.children.has(element)) out.#put(element, child);
    return out;
  }

  intersection(other: FieldSet): FieldSet {
    const out = new FieldSet();
    for (const element of this.members) if (other.members.has(element)) out.members.add(element);
    for (const [element, child] of this.children) if (other.children.has(element)) out.#put(element, child.intersection(other.children.get(element)!));
    return out;
  }

  /** Without the members of `other`; what lies below them stays. */
  difference(other: FieldSet): FieldSet {
    const out = new FieldSet();
    for (const element of this.members) if (!other.members.has(element)) out.members.add(element);
    for (const [element, child] of this.children) out.#put(element, other.children.has(element) ? child.difference(other.children.get(element)!) : child);
    return out;
  }

  /** Without the members of `other` and everything below them. */
  recursiveDifference(other: FieldSet): FieldSet {
    const out = new FieldSet();
    for (const element of this.members) if (!other.members.has(element)) out.members.add(element);
    for (const [element, child] of this.children) {
      if (!other.members.has(element)) out.#put(element, other.children.has(element) ? child.recursiveDifference(other.children.get(element)!) : child);
    }
    return out;
  }

  #put(element: PathElement, child: FieldSet): void {
    if (!child.empty) this.children.set(element, child);
  }

  equals(other: FieldSet): boolean {
    if (this.members.size !== other.members.size || this.children.size !== other.children.size) return false;
    for (const element of this.members) if (!other.members.has(element)) return false;
    for (const [element, child] of this.children) if (!other.children.get(element)?.equals(child)) return false;
    return true;
  }

  static parse(fields: FieldsV1): FieldSet {
    const set = new FieldSet();
    for (const [element, inner] of Object.entries(fields)) {
      if (element === '.' || !/^[fkvi]:/.test(element)) continue;
      const names = Object.keys(inner);
      if (names.length === 0 || '.' in inner) set.members.add(element);
      if (names.some((name) => name !== '.')) set.children.set(element, FieldSet.parse(inner));
    }
    return set;
  }

  toFieldsV1(): FieldsV1 {
    const out: FieldsV1 = {};
    for (const element of this.#sorted(new Set([...this.members, ...this.children.keys()]))) {
      const child = this.children.get(element);
      out[element] = { ...(child && this.members.has(element) && { '.': {} }), ...child?.toFieldsV1() };
    }
    return out;
  }

  #sorted(elements: Iterable<PathElement>): PathElement[] {
    return [...elements].sort(compareElements);
  }

  sortedMembers(): PathElement[] {
    return this.#sorted(this.members);
  }

  sortedChildren(): [PathElement, FieldSet][] {
    return this.#sorted(this.children.keys()).map((element) => [element, this.children.get(element)!]);
  }
}
