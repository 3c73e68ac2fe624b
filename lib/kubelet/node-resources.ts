// What the node's status says of its resources: the machine's own, and those that others have put there.
import { bytes, type Node } from '../api/index.ts';

type Resources = Readonly<Record<string, string>>;
type Status = Node['status'];

/** A resource that the machine knows nothing of stays, and all of it can be had. */
function withOpaque(own: Resources, capacity: Resources = {}): Resources {
  const opaque = Object.keys(capacity).filter((name) => !(name in own));
  return opaque.length > 0 ? { ...own, ...Object.fromEntries(opaque.map((name) => [name, capacity[name]!])) } : own;
}

const same = (a: Resources, b: Resources = {}): boolean => Object.keys(a).length === Object.keys(b).length && Object.keys(a).every((name) => a[name] === b[name] || bytes(a[name]) === bytes(b[name]));

export class NodeResources {
  readonly capacity: Resources;
  readonly allocatable: Resources;
  /** A status that was looked at and is right. */
  #settled: Status | undefined;

  constructor(capacity: Resources, allocatable: Resources) {
    this.capacity = capacity;
    this.allocatable = allocatable;
  }

  /** As they belong into the status that follows this one. */
  after(status: Partial<Status> | undefined): { capacity: Resources; allocatable: Resources } {
    return { capacity: withOpaque(this.capacity, status?.capacity), allocatable: withOpaque(this.allocatable, status?.capacity) };
  }

  isRight(status: Status): boolean {
    if (this.#settled && this.#settled.capacity === status.capacity && this.#settled.allocatable === status.allocatable) return true;
    const { capacity, allocatable } = this.after(status);
    if (!same(capacity, status.capacity) || !same(allocatable, status.allocatable)) return false;
    this.#settled = status;
    return true;
  }
}
