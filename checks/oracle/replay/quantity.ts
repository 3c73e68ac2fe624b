// quantity.jsonl: parsing, printing, comparing and adding quantities.
import { canonical, parseQuantity, Quantity, type QuantityFormat } from '../../../lib/api/index.ts';
import { compare, type Replayer } from '../replayer.ts';

function describe(q: Quantity): Record<string, unknown> {
  const whole = q.asInt64();
  return {
    afterDefaulting: q.roundUp(-3).toString(),
    ...(whole !== undefined && { asInt64: String(whole) }),
    canonical: canonical(q),
    format: q.format,
    milliValue: String(q.scaled(-3)),
    sign: q.sign,
    string: q.toString(),
    value: String(q.scaled(0)),
  };
}

function parse(text: string): Record<string, unknown> {
  try {
    return describe(parseQuantity(text));
  } catch (error) {
    return { error: (error as Error).message };
  }
}

function pair({ a, b }: { a: string; b: string }): Record<string, unknown> {
  const [x, y] = [parseQuantity(a), parseQuantity(b)];
  return { cmp: x.cmp(y), equal: x.cmp(y) === 0, sum: describe(x.add(y)), difference: describe(x.sub(y)) };
}

const scales = { nano: -9, micro: -6, milli: -3, unit: 0, kilo: 3, mega: 6, giga: 9 };

function scaledValue(text: string): Record<string, unknown> {
  const q = parseQuantity(text);
  return Object.fromEntries(Object.entries(scales).map(([name, scale]) => [name, String(q.scaled(scale))]));
}

const kinds: Record<string, (input: any) => unknown> = {
  parse,
  pair,
  scaledValue,
  // The empty quantity has no format yet.
  sumFromZero: (texts: string[]) => describe(texts.map(parseQuantity).reduce((sum, q) => sum.add(q), new Quantity(0n, 0, '' as QuantityFormat))),
};

export const replayer: Replayer = {
  file: 'quantity.jsonl',
  replay: ({ kind, input, output }) => compare(kinds[kind]!(input), output),
};
