// How values cross between the judge and an answer's process. Data is copied; what has behaviour stays where it is, and the
// other side gets something that stands for it.
import { Malformed } from './lines.ts';

export type Wire = null | boolean | number | string | Wire[] | { [key: string]: Wire };

/** What each side does with what cannot be copied. */
export interface Side {
  /** A function, or an object that is not plain, as it is told to the other side; undefined to copy its data. */
  tell(value: object): Wire | undefined;
  /** What stands here for what the other side told of. */
  stand(told: Record<string, Wire>): unknown;
  StatusError: StatusErrorClass;
  /** It numbers what it sends frozen. */
  numbers: boolean;
  /** Frozen objects that both sides have: they cross once, and by their number from then on. */
  kept: Kept;
}

export class Kept {
  readonly #objects: object[] = [];
  readonly #numbers = new WeakMap<object, number>();

  find(value: object): number | undefined {
    return this.#numbers.get(value);
  }

  /** Under the next number, or under the one that the other side gave it. */
  add(value: object, number = this.#objects.length): number {
    this.#numbers.set(value, number);
    this.#objects[number] = value;
    return number;
  }

  at(number: unknown): object {
    const found = this.#objects[number as number];
    if (!found) throw new Malformed();
    return found;
  }
}

export type StatusErrorClass = new (reason: string, code: number, message: string, details?: any) => Error;

const deepest = 200;
const { getPrototypeOf, isFrozen, freeze, entries, defineProperty } = Object;
const { isArray } = Array;

/** `cold`: inside of something frozen. */
export function encode(value: unknown, side: Side, depth = 0, cold = false): Wire {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value as Wire;
  if (typeof value === 'number') return Number.isFinite(value) ? value : { $: 'number', text: String(value) };
  if (typeof value === 'bigint') return { $: 'bigint', text: String(value) };
  if (value === undefined || typeof value === 'symbol') return { $: 'undefined' };
  if (depth > deepest) throw new RangeError('값이 너무 깊거나, 저 자신을 담고 있다');
  const told = side.tell(value as object);
  if (told !== undefined) return told;
  // Whoever is handed a frozen object must not be able to write into its copy either.
  if (cold || !isFrozen(value)) return encodeData(value as object, side, depth, cold);
  const number = side.kept.find(value as object);
  if (number !== undefined) return { $: 'kept', number };
  const data = encodeData(value as object, side, depth, true);
  return { $: 'frozen', ...(side.numbers && { number: side.kept.add(value as object) }), value: data };
}

function encodeData(value: object, side: Side, depth: number, cold: boolean): Wire {
  const inner = (one: unknown) => encode(one, side, depth + 1, cold);
  if (isArray(value)) {
    const items = Array.from(value, inner);
    const { raw } = value as unknown as { raw?: readonly string[] };
    return raw ? { $: 'template', items, raw: inner(raw) } : items;
  }
  if (value instanceof Map) return { $: 'map', items: [...value].map(inner) };
  if (value instanceof Set) return { $: 'set', items: [...value].map(inner) };
  if (value instanceof Promise) return { $: 'promise' };
  if (value instanceof Error) return { $: 'error', error: encodeError(value, side) };
  if (typeof (value as Date).toJSON === 'function') return inner((value as Date).toJSON());
  const pairs = entries(value);
  if (pairs.some(([key]) => key === '$')) return { $: 'object', items: pairs.map(inner) };
  const fields: Record<string, Wire> = {};
  for (const [key, one] of pairs) if (one !== undefined) put(fields, key, inner(one));
  return fields;
}

/** Also a field called `__proto__` is only a field. */
function put(fields: object, key: string, value: unknown): void {
  defineProperty(fields, key, { value, enumerable: true, configurable: true, writable: true });
}

export function decode(wire: unknown, side: Side, depth = 0): unknown {
  if (wire === null || typeof wire !== 'object') return wire;
  if (depth > 2 * deepest + 10) throw new Malformed();
  if (isArray(wire)) return wire.map((one) => decode(one, side, depth + 1));
  if (!('$' in wire)) return fieldsOf(entries(wire).map(([key, one]) => [key, decode(one, side, depth + 1)]));
  return decodeTold(wire as Record<string, Wire>, side, (one) => decode(one, side, depth + 1));
}

function fieldsOf(pairs: unknown): object {
  if (!isArray(pairs)) throw new Malformed();
  const fields = {};
  for (const pair of pairs) {
    if (!isArray(pair) || typeof pair[0] !== 'string') throw new Malformed();
    put(fields, pair[0], pair[1]);
  }
  return fields;
}

function decodeTold(told: Record<string, Wire>, side: Side, inner: (wire: unknown) => unknown): unknown {
  switch (told['$']) {
    case 'undefined':
      return undefined;
    case 'number':
      return Number(told['text']);
    case 'bigint':
      return /^-?\d{1,1000}$/.test(String(told['text'])) ? BigInt(String(told['text'])) : 0n;
    case 'frozen':
      return keep(frozen(inner(told['value'])), told['number'], side);
    case 'kept':
      return side.kept.at(told['number']);
    case 'template':
      return Object.assign(listOf(inner(told['items'])), { raw: listOf(inner(told['raw'])) });
    case 'map':
      return new Map(listOf(inner(told['items'])).map((pair) => listOf(pair) as [unknown, unknown]));
    case 'set':
      return new Set(listOf(inner(told['items'])));
    case 'object':
      return fieldsOf(inner(told['items']));
    case 'promise':
      return Promise.resolve(inner(told['value'] ?? { $: 'undefined' }));
    case 'error':
      return decodeError(told['error'], side);
    default:
      return side.stand(told);
  }
}

function keep(value: unknown, number: unknown, { numbers, kept }: Side): unknown {
  if (!numbers && typeof number === 'number') kept.add(value as object, number);
  return value;
}

function listOf(value: unknown): unknown[] {
  if (!isArray(value)) throw new Malformed();
  return value;
}

function frozen<T>(value: T): T {
  if (value === null || typeof value !== 'object' || isFrozen(value)) return value;
  for (const one of Object.values(value)) frozen(one);
  return freeze(value);
}

const errors: Record<string, new (message: string) => Error> = { RangeError, TypeError, SyntaxError, ReferenceError, EvalError, URIError };

/** An error travels with its name, its words and the fields that somebody gave it (`code`, `reason`). */
export function encodeError(error: unknown, side: Side): Wire {
  if (!(error instanceof Error)) return { thrown: encode(error, side, 1) };
  return { name: String(error.name), message: String(error.message), fields: encode({ ...error }, side, 1) };
}

export function decodeError(wire: unknown, side: Side): unknown {
  if (wire === null || typeof wire !== 'object') throw new Malformed();
  if ('thrown' in wire) return decode(wire.thrown, side, 1);
  const { name = 'Error', message = '', fields } = wire as Record<string, Wire>;
  if (typeof name !== 'string' || typeof message !== 'string') throw new Malformed();
  const more = decode(fields ?? {}, side, 1) as Record<string, any>;
  if (typeof more !== 'object' || more === null) throw new Malformed();
  const made = name === 'StatusError' && typeof more['code'] === 'number' ? new side.StatusError(String(more['reason']), more['code'], message, more['details']) : new (Object.hasOwn(errors, name) ? errors[name]! : Error)(message);
  for (const [key, value] of entries(more)) if (key !== 'stack' && key !== 'message') put(made, key, value);
  if (made.name !== name) put(made, 'name', name);
  return made;
}

/** True for `{}` and `Object.create(null)`, of whichever realm. */
export function isPlain(value: object): boolean {
  const prototype = getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
