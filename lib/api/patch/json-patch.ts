// JSON patch (RFC 6902), as the library behind Kubernetes applies it.
import { draft, equal } from '../object.ts';
import { badRequest, StatusError } from '../status.ts';
import { goJsonType } from './go-format.ts';

export interface Operation {
  op: string;
  path?: string;
  from?: string;
  value?: unknown;
}

type Container = Record<string, unknown> | unknown[];

/** Longest patch that the API server takes. */
const maxOperations = 10_000;

/** The patched copy. Throws `BadRequest` for a malformed patch, a 422 when an operation does not apply. */
export function applyJsonPatch<T extends object>(object: T, patch: unknown): T {
  const operations = decodeOperations(patch);
  const root = draft(object) as unknown as Container;
  for (const operation of operations) {
    if (!apply(root, operation)) throw new StatusError('Invalid', 422, 'the server rejected our request due to an error in our request', {});
  }
  return root as unknown as T;
}

function decodeOperations(patch: unknown): Operation[] {
  if (patch === null) return [];
  if (!Array.isArray(patch)) throw badRequest(`json: cannot unmarshal ${goJsonType(patch)} into Go value of type jsonpatch.Patch`);
  const wrong = patch.find((operation) => operation !== null && (typeof operation !== 'object' || Array.isArray(operation)));
  if (wrong !== undefined) throw badRequest(`json: cannot unmarshal ${goJsonType(wrong)} into Go value of type jsonpatch.Operation`);
  if (patch.length > maxOperations) throw new StatusError('RequestEntityTooLarge', 413, `The allowed maximum operations in a JSON patch is ${maxOperations}, got ${patch.length}`);
  return patch.map((operation) => operation ?? { op: 'unknown' });
}

function apply(root: Container, operation: Operation): boolean {
  switch (operation.op) {
    case 'add':
      return insert(place(root, operation.path), draft(operation.value ?? null));
    case 'remove':
      return remove(place(root, operation.path));
    case 'replace':
      return replace(place(root, operation.path), draft(operation.value ?? null));
    case 'move': {
      const from = place(root, operation.from);
      if (!from || !holds(from)) return false;
      const value = read(from);
      return remove(from) && insert(place(root, operation.path), value);
    }
    case 'copy': {
      const from = place(root, operation.from);
      return from !== undefined && readable(from) && insert(place(root, operation.path), draft(read(from) ?? null));
    }
    case 'test': {
      const at = place(root, operation.path);
      return at !== undefined && readable(at) && equal(read(at) ?? null, operation.value ?? null);
    }
    default:
      return false;
  }
}

/** The container that a pointer leads into, and the key in it. */
interface Place {
  container: Container;
  key: string;
}

const decodeKey = (key: string) => key.replaceAll('~1', '/').replaceAll('~0', '~');

function place(root: Container, pointer: unknown): Place | undefined {
  if (typeof pointer !== 'string' || !pointer.includes('/')) return undefined;
  const keys = pointer.split('/').slice(1).map(decodeKey);
  const key = keys.pop()!;
  let container: unknown = root;
  for (const step of keys) {
    container = child(container as Container, step);
    if (typeof container !== 'object' || container === null) return undefined;
  }
  return { container: container as Container, key };
}

function child(container: Container, key: string): unknown {
  if (!Array.isArray(container)) return Object.hasOwn(container, key) ? container[key] : undefined;
  const index = arrayIndex(key);
  return index === undefined ? undefined : container[index];
}

const arrayIndex = (key: string) => (/^[+-]?[0-9]+$/.test(key) ? Number(key) : undefined);

const read = ({ container, key }: Place) => child(container, key);

/** A missing key of an object reads as null; an index outside of a list is an error. */
function readable({ container, key }: Place): boolean {
  if (!Array.isArray(container)) return true;
  const index = arrayIndex(key);
  return index !== undefined && index >= 0 && index < container.length;
}

const holds = (at: Place) => readable(at) && (Array.isArray(at.container) || Object.hasOwn(at.container, at.key));

function insert(at: Place | undefined, value: unknown): boolean {
  if (!at) return false;
  const { container, key } = at;
  if (!Array.isArray(container)) {
    container[key] = value;
    return true;
  }
  if (key === '-') return container.push(value) > 0;
  const index = fromEnd(key, container.length + 1);
  if (index === undefined || index > container.length) return false;
  container.splice(index, 0, value);
  return true;
}

function remove(at: Place | undefined): boolean {
  if (!at) return false;
  const { container, key } = at;
  if (!Array.isArray(container)) return Object.hasOwn(container, key) && delete container[key];
  const index = fromEnd(key, container.length);
  if (index === undefined || index >= container.length) return false;
  container.splice(index, 1);
  return true;
}

/** Negative indexes count from the end. */
function fromEnd(key: string, length: number): number | undefined {
  const index = arrayIndex(key);
  if (index === undefined || index >= 0) return index;
  return index < -length ? undefined : index + length;
}

function replace(at: Place | undefined, value: unknown): boolean {
  if (!at || !readable(at)) return false;
  if (Array.isArray(at.container)) at.container[arrayIndex(at.key)!] = value;
  else at.container[at.key] = value;
  return true;
}
