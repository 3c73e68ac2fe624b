// Scalars, and the small messages that JSON writes as one value; undefined is the empty value.
import type { Scalar } from '../schema/types.ts';
import type { Writer } from './writer.ts';

export function writeScalar(writer: Writer, number: number, scalar: Scalar, value: unknown): void {
  switch (scalar) {
    case 'i':
    case 'l':
    case 'b':
      writer.varint(Number(value ?? 0));
      return writer.tag(number, 0);
    case 'n':
      if (Number.isFinite(value ?? 0)) writer.double(Number(value ?? 0));
      return writer.tag(number, 1);
  }
  const from = writer.length;
  if (scalar === 's') writer.text(String(value ?? ''));
  else if (scalar === 'y') writer.bytes(fromBase64(String(value ?? '')));
  else small(writer, scalar, value);
  writer.head(number, from);
}

function small(writer: Writer, scalar: Scalar, value: unknown): void {
  if (scalar === 'q') return text(writer, 1, String(value ?? '0'));
  if (scalar === 'o') return intOrString(writer, (value ?? 0) as number | string);
  if (value === undefined) return;
  if (scalar === 'a') return text(writer, 1, JSON.stringify(value));
  time(writer, String(value));
}

function text(writer: Writer, number: number, value: string): void {
  const from = writer.length;
  writer.text(value);
  writer.head(number, from);
}

/** Which of the two it is, and both. */
function intOrString(writer: Writer, value: number | string): void {
  const isText = typeof value === 'string';
  text(writer, 3, isText ? value : '');
  writeScalar(writer, 2, 'i', isText ? 0 : value);
  writeScalar(writer, 1, 'i', isText ? 1 : 0);
}

/** Seconds and nanoseconds. */
function time(writer: Writer, value: string): void {
  const milliseconds = Date.parse(value);
  if (Number.isNaN(milliseconds)) return;
  const [, fraction = ''] = /\.(\d+)/.exec(value) ?? [];
  writeScalar(writer, 2, 'i', Number(fraction.padEnd(9, '0').slice(0, 9)));
  writeScalar(writer, 1, 'l', Math.floor(milliseconds / 1000));
}

const fromBase64 = (base64: string) => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
