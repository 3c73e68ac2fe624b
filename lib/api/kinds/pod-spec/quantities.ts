// Quantities of a resource list, parsed once per text.
import { parseQuantity, Quantity } from '../../quantity.ts';

const parsed = new Map<string, Quantity>();

/** The quantity of a text that decoding has accepted; remembered, as the same few amounts come again and again. */
export function quantity(text: string | number): Quantity {
  const key = String(text);
  let found = parsed.get(key);
  if (found) return found;
  found = parseQuantity(key);
  if (parsed.size >= 5000) parsed.clear();
  parsed.set(key, found);
  return found;
}

const canonical = new Map<string, string>();

/** As it is stored: canonical, and nothing finer than a thousandth: `0.0001` becomes `1m`. */
function stored(text: string): string {
  let found = canonical.get(text);
  if (found !== undefined) return found;
  found = quantity(text).roundUp(-3).toString();
  if (canonical.size >= 5000) canonical.clear();
  canonical.set(text, found);
  return found;
}

export function canonicalResources(list: Record<string, string>): void {
  for (const name in list) {
    const text = list[name]!;
    const kept = stored(String(text));
    if (kept !== text) list[name] = kept;
  }
}
