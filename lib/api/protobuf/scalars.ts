// Scalars and the small messages that JSON writes as one value: quantities, times, int-or-strings.
import type { Scalar } from '../schema/types.ts';
import { bytesOf, fieldsOf, signed, textOf } from './wire.ts';

type Value = bigint | Uint8Array;

/** The first fields of a small message, by number. */
function small(value: Value): Map<number, Value> {
  return new Map([...fieldsOf(bytesOf(value))].map((field) => [field.number, field.value]));
}

/** The value as JSON would have it; undefined for what JSON leaves out. */
export function scalarOf(scalar: Scalar, value: Value): unknown {
  switch (scalar) {
    case 's':
      return textOf(value);
    case 'i':
    case 'l':
      return signed(value);
    case 'b':
      return value !== 0n;
    case 'n':
      return typeof value === 'bigint' ? signed(value) : new DataView(value.slice().buffer).getFloat64(0, true);
    case 'y':
      return base64(bytesOf(value));
    case 'q':
      return textOf(small(value).get(1) ?? new Uint8Array());
    case 'o':
      return intOrString(small(value));
    case 't':
      return time(small(value), 0);
    case 'u':
      return time(small(value), 6);
    case 'a':
      return raw(small(value));
  }
}

function intOrString(fields: Map<number, Value>): string | number {
  return fields.get(1) === 1n ? textOf(fields.get(3) ?? new Uint8Array()) : signed(fields.get(2) ?? 0n);
}

/** Seconds and nanoseconds; a time that is not set is an empty message. */
function time(fields: Map<number, Value>, digits: 0 | 6): string | undefined {
  if (fields.size === 0) return undefined;
  const at = new Date(signed(fields.get(1) ?? 0n) * 1000);
  if (Number.isNaN(at.getTime())) return undefined;
  const micros = String(Math.floor(signed(fields.get(2) ?? 0n) / 1000)).padStart(6, '0');
  return digits === 0 ? `${at.toISOString().slice(0, 19)}Z` : `${at.toISOString().slice(0, 19)}.${micros}Z`;
}

/** A RawExtension or FieldsV1 carries JSON. */
function raw(fields: Map<number, Value>): unknown {
  const text = textOf(fields.get(1) ?? new Uint8Array());
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
