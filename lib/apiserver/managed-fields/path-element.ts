// One step of a path to a field, written as in FieldsV1: `f:spec`, `k:{"name":"app"}`, `v:"a"`.
import type { ListType } from '../../api/index.ts';

export type PathElement = string;

type Json = Record<string, unknown>;
const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

export const fieldElement = (name: string): PathElement => `f:${name}`;

/** What tells an element of a list apart. Throws when there is nothing. */
export function elementOf({ relation, keys, keyDefault }: ListType, item: unknown): PathElement {
  if (relation === 'set') return `v:${goJson(checkedMember(item))}`;
  if (item === null) throw new Error('associative list with keys may not have a null element');
  if (!isMap(item)) throw new Error('associative list with keys may not have non-map elements');
  const pairs = [...keys].sort().map((key) => {
    const value = item[key] ?? keyDefault(key);
    if (value === undefined) throw new Error(`associative list with keys has an element that omits key field ${JSON.stringify(key)} (and doesn't have default value)`);
    return `${goJson(key)}:${goJson(value)}`;
  });
  return `k:{${pairs.join(',')}}`;
}

function checkedMember(item: unknown): unknown {
  if (isMap(item)) throw new Error("associative list without keys has an element that's a map type");
  if (Array.isArray(item)) throw new Error('not supported: associative list with lists as elements');
  if (item === null) throw new Error("associative list without keys has an element that's an explicit null");
  return item;
}

/** As Go writes JSON, with < > & escaped. */
export const goJson = (value: unknown) => JSON.stringify(value).replace(/[<>&]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** `.spec`, `[name="app"]`, `[="a"]`, `[0]`, as messages name a field. */
export function printElement(element: PathElement): string {
  const rest = element.slice(2);
  if (element[0] === 'f') return `.${rest}`;
  if (element[0] === 'v') return `[=${rest}]`;
  if (element[0] === 'i') return `[${rest}]`;
  return `[${Object.entries(JSON.parse(rest) as Json).map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`;
}

export const printPath = (path: readonly PathElement[]) => path.map(printElement).join('');

/** Fields come first, then keys, values and indexes, each kind in its own order. */
export function compareElements(a: PathElement, b: PathElement): number {
  if (a === b) return 0;
  if (a[0] !== b[0]) return 'fkvi'.indexOf(a[0]!) - 'fkvi'.indexOf(b[0]!);
  if (a[0] === 'f') return a < b ? -1 : 1;
  const [x, y] = [JSON.parse(a.slice(2)), JSON.parse(b.slice(2))];
  return a[0] === 'k' ? compareKeys(Object.entries(x as Json), Object.entries(y as Json)) : compareValues(x, y);
}

function compareKeys(a: [string, unknown][], b: [string, unknown][]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = compareValues(a[i]![0], b[i]![0]) || compareValues(a[i]![1], b[i]![1]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Numbers before text before truth values. */
function compareValues(a: unknown, b: unknown): number {
  const rank = (value: unknown) => ['number', 'string', 'boolean'].indexOf(typeof value);
  if (typeof a !== typeof b) return rank(a) - rank(b);
  return a === b ? 0 : (a as string) < (b as string) ? -1 : 1;
}
