// Arithmetic of resource lists: amounts by name.
import { quantity } from '../kinds/pod-spec/quantities.ts';
import type { Quantity } from '../quantity.ts';

/** Amounts by the names of resources: `requests.cpu`, `pods`. */
export type Amounts = Readonly<Record<string, Quantity>>;
/** A resource list as objects carry it. */
export type ResourceList = Readonly<Record<string, string>>;

export const zero = quantity('0');
export const one = quantity('1');

export function amountsOf(list: ResourceList = {}): Amounts {
  return Object.fromEntries(Object.entries(list).map(([name, text]) => [name, quantity(text)]));
}

/** Sorted by name, as Kubernetes prints maps. */
export function listOf(amounts: Amounts): ResourceList {
  return Object.fromEntries(Object.keys(amounts).sort().map((name) => [name, amounts[name]!.toString()]));
}

function merge(a: Amounts, b: Amounts, both: (x: Quantity, y: Quantity) => Quantity): Amounts {
  const out: Record<string, Quantity> = { ...a };
  for (const name in b) out[name] = name in a ? both(a[name]!, b[name]!) : b[name]!;
  return out;
}

export const addAmounts = (a: Amounts, b: Amounts): Amounts => merge(a, b, (x, y) => x.add(y));
export const maxAmounts = (a: Amounts, b: Amounts): Amounts => merge(a, b, (x, y) => (x.cmp(y) <= 0 ? y : x));

/** What `a` has more than `b`; never negative. */
export function excess(a: Amounts, b: Amounts): Amounts {
  return Object.fromEntries(Object.keys(a).map((name) => {
    const rest = name in b ? a[name]!.sub(b[name]!) : a[name]!;
    return [name, rest.sign > 0 ? rest : zero];
  }));
}

export function pickAmounts(amounts: Amounts, names: Iterable<string>): Amounts {
  const out: Record<string, Quantity> = {};
  for (const name of names) if (name in amounts) out[name] = amounts[name]!;
  return out;
}

export const positiveAmounts = (amounts: Amounts): Amounts => Object.fromEntries(Object.entries(amounts).filter(([, amount]) => amount.sign !== 0));

/** The same names with the same amounts, however they are written. */
export function sameAmounts(a: Amounts, b: Amounts): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => name in b && a[name]!.cmp(b[name]!) === 0);
}
