// Kubernetes' own functions of CEL: quantities, addresses, URLs, lists and regular expressions (k8s.io/apiserver/pkg/cel/library).
import { goRegExp } from '../go-regexp.ts';
import { parseQuantity } from '../quantity.ts';
import type { cel } from './library.ts';

type Environment = InstanceType<typeof cel.Environment>;
type Comparable = bigint | number | string | boolean;

class Quantity {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
    parseQuantity(text);
  }
  get amount() {
    return parseQuantity(this.text);
  }
}

export const succeeds = (act: () => unknown) => {
  try {
    act();
    return true;
  } catch {
    return false;
  }
};
const asNumber = ({ amount }: Quantity) => amount.milliValue() / 1000;
const difference = (a: Quantity, b: Quantity) => Math.sign(asNumber(a) - asNumber(b));
/** Differs from Kubernetes: a sum keeps no suffix. */
const made = (value: number) => new Quantity(Number.isInteger(value) ? String(value) : `${Math.round(value * 1000)}m`);

function quantities(env: Environment): void {
  env.registerType('kubernetes.Quantity', { ctor: Quantity, fields: {} });
  const on = (name: string, more: string, result: string, act: (...args: never[]) => unknown) => env.registerFunction(`kubernetes.Quantity.${name}(${more}): ${result}`, act as never);
  env.registerFunction('quantity(string): kubernetes.Quantity', (text: string) => new Quantity(text));
  env.registerFunction('isQuantity(string): bool', (text: string) => succeeds(() => parseQuantity(text)));
  on('isInteger', '', 'bool', (q: Quantity) => Number.isInteger(asNumber(q)));
  on('asInteger', '', 'int', (q: Quantity) => BigInt(Math.trunc(asNumber(q))));
  on('asApproximateFloat', '', 'double', asNumber);
  on('sign', '', 'int', (q: Quantity) => BigInt(Math.sign(asNumber(q))));
  on('isGreaterThan', 'kubernetes.Quantity', 'bool', (a: Quantity, b: Quantity) => difference(a, b) > 0);
  on('isLessThan', 'kubernetes.Quantity', 'bool', (a: Quantity, b: Quantity) => difference(a, b) < 0);
  on('compareTo', 'kubernetes.Quantity', 'int', (a: Quantity, b: Quantity) => BigInt(difference(a, b)));
  on('add', 'kubernetes.Quantity', 'kubernetes.Quantity', (a: Quantity, b: Quantity) => made(asNumber(a) + asNumber(b)));
  on('sub', 'kubernetes.Quantity', 'kubernetes.Quantity', (a: Quantity, b: Quantity) => made(asNumber(a) - asNumber(b)));
  on('add', 'int', 'kubernetes.Quantity', (a: Quantity, b: bigint) => made(asNumber(a) + Number(b)));
  on('sub', 'int', 'kubernetes.Quantity', (a: Quantity, b: bigint) => made(asNumber(a) - Number(b)));
  env.registerOperator('kubernetes.Quantity == kubernetes.Quantity', (a: Quantity, b: Quantity) => difference(a, b) === 0);
}

const below = (a: Comparable, b: Comparable) => a < b;

function lists(env: Environment): void {
  const on = (name: string, more: string, result: string, act: (...args: never[]) => unknown) => env.registerFunction(`list.${name}(${more}): ${result}`, act as never);
  on('isSorted', '', 'bool', (list: Comparable[]) => list.every((value, i) => i === 0 || !below(value, list[i - 1]!)));
  on('sum', '', 'dyn', (list: (bigint | number)[]) => list.reduce<bigint | number>((sum, value) => (typeof value === 'bigint' ? BigInt(sum) + value : Number(sum) + value), 0n));
  const most = (name: string, better: (a: Comparable, b: Comparable) => boolean) =>
    on(name, '', 'dyn', (list: Comparable[]) => {
      if (list.length === 0) throw new Error(`${name} called on empty list`);
      return list.reduce((best, value) => (better(value, best) ? value : best));
    });
  most('min', below);
  most('max', (a, b) => below(b, a));
  on('indexOf', 'dyn', 'int', (list: unknown[], value: unknown) => BigInt(list.findIndex((one) => one === value)));
  on('lastIndexOf', 'dyn', 'int', (list: unknown[], value: unknown) => BigInt(list.findLastIndex((one) => one === value)));
}

function expressions(env: Environment): void {
  const everywhere = (pattern: string) => new RegExp(goRegExp(pattern), `g${goRegExp(pattern).flags}`);
  const all = (text: string, pattern: string, most = -1n) => [...text.matchAll(everywhere(pattern))].map(([found]) => found).slice(0, most < 0n ? undefined : Number(most));
  env.registerFunction('string.find(string): string', (text: string, pattern: string) => goRegExp(pattern).exec(text)?.[0] ?? '');
  env.registerFunction('matches(string, string): bool', (text: string, pattern: string) => goRegExp(pattern).test(text));
  env.registerFunction('string.findAll(string): list<string>', (text: string, pattern: string) => all(text, pattern));
  env.registerFunction('string.findAll(string, int): list<string>', all);
}

function texts(env: Environment): void {
  env.registerFunction('string.charAt(int): string', (text: string, i: bigint) => text.charAt(Number(i)));
  env.registerFunction('string.replace(string, string): string', (text: string, from: string, to: string) => text.replaceAll(from, to));
  env.registerFunction('string.format(list): string', format);
}

/** Differs from Kubernetes: widths and precisions are left out. */
function format(text: string, values: unknown[]): string {
  let at = 0;
  return text.replace(/%(?:\.\d+)?([sdfexXob%])/g, (_, verb: string) => (verb === '%' ? '%' : String(values[at++])));
}

class Url {
  readonly parts: URL;
  constructor(text: string) {
    // A path alone is one too.
    this.parts = new URL(text, 'path://');
  }
  get scheme() {
    return this.parts.protocol === 'path:' ? '' : this.parts.protocol.slice(0, -1);
  }
}
const isUrl = (text: string) => (/^[a-z][a-z0-9+.-]*:/i.test(text) || text.startsWith('/')) && succeeds(() => new Url(text));

function urls(env: Environment): void {
  env.registerType('kubernetes.URL', { ctor: Url, fields: {} });
  const on = (name: string, result: string, act: (url: Url) => unknown) => env.registerFunction(`kubernetes.URL.${name}(): ${result}`, act as never);
  env.registerFunction('isURL(string): bool', isUrl);
  env.registerFunction('url(string): kubernetes.URL', (text: string) => {
    if (!isUrl(text)) throw new Error(`URL parse error during conversion from string: parse ${JSON.stringify(text)}: invalid URI for request`);
    return new Url(text);
  });
  on('getScheme', 'string', ({ scheme }) => scheme);
  on('getHost', 'string', ({ parts }) => parts.host);
  on('getHostname', 'string', ({ parts }) => parts.hostname.replace(/^\[|\]$/g, ''));
  on('getPort', 'string', ({ parts }) => parts.port);
  on('getEscapedPath', 'string', ({ parts }) => parts.pathname);
  on('getQuery', 'map<string, list<string>>', ({ parts }) => Object.fromEntries([...new Set(parts.searchParams.keys())].map((key) => [key, parts.searchParams.getAll(key)])));
}

/** Adds what Kubernetes has beside the language. Addresses are a file of their own. */
export function kubernetesFunctions(env: Environment): void {
  for (const add of [quantities, lists, expressions, texts, urls]) add(env);
}
