// How Kubernetes says that data does not fit a type when it converts data, not text, as after a strategic merge patch
// (apimachinery/pkg/runtime/converter.go).
import type { Scalar, Shape } from './types.ts';

const goScalars: Partial<Record<Scalar, string>> = { s: 'string', i: 'int32', l: 'int64', n: 'float64', b: 'bool' };

function goKind(value: unknown): string {
  if (Array.isArray(value)) return 'slice';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return typeof value === 'boolean' ? 'bool' : typeof value === 'string' ? 'string' : 'map';
}

/** Types that Go itself would convert, but JSON does not. */
const convertible = (from: string, to: string) => (from === 'int64' && to === 'string') || (from === 'float64' && to.startsWith('int')) || (from === 'int64' && to === 'float64');

/** `text` is what the type's own reader says. */
export function converterWords(shape: Shape | undefined, value: unknown, text?: string): string {
  const from = goKind(value);
  if (shape?.kind === 'list') return `cannot restore slice from ${from}`;
  if (shape?.kind === 'map') return `cannot restore map from ${from}`;
  if (shape?.kind !== 'scalar') return `cannot restore struct from: ${from}`;
  if (text) return shape.scalar === 'y' ? `error decoding from json: ${text}` : text;
  const to = goScalars[shape.scalar] ?? shape.scalar;
  return convertible(from, to) ? `cannot convert ${from} to ${to}` : `unrecognized type: ${to}`;
}
