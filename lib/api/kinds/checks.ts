// Small checks that the validation of several kinds shares.
import { equal } from '../object.ts';
import { type FieldError, invalid } from '../field-error.ts';
import { byteLength, isValidPortName, isValidPortNum, parseIP } from '../names.ts';
import type { KubeObject } from '../types.ts';
import type { Version } from '../version.ts';

/** The published types call it read-only, for clients. */
export function setGeneration({ metadata }: KubeObject, generation: number): void {
  (metadata as { generation?: number }).generation = generation;
}

/** One error per message. */
export const invalidAll = (field: string, value: unknown, messages: readonly string[]): FieldError[] => messages.map((message) => invalid(field, value, message));

export const immutable = (field: string, value: unknown, old: unknown): FieldError[] => (equal(value, old) ? [] : [invalid(field, value ?? null, 'field is immutable')]);

/** Bytes that a base64 text stands for. */
export function base64Length(text: string): number {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return Math.max(0, (text.length / 4) * 3 - padding);
}

/** Bytes of all values of a map. */
export function totalBytes(map: Record<string, string> | undefined, length: (text: string) => number = byteLength): number {
  let total = 0;
  for (const key in map) total += length(map[key]!);
  return total;
}

/** Go's `[]string{"a", "b"}`, in which field errors quote a list. */
export const goStrings = (list: readonly string[] | undefined) => (list ? `[]string{${list.map((text) => JSON.stringify(text)).join(', ')}}` : '[]string(nil)');
export const invalidList = (field: string, list: readonly string[] | undefined, detail: string): FieldError => ({ type: 'FieldValueInvalid', field, message: `Invalid value: ${goStrings(list)}: ${detail}` });

export function portNumOrName(field: string, port: number | string, version: Version): FieldError[] {
  return invalidAll(field, port, typeof port === 'number' ? isValidPortNum(port) : isValidPortName(port));
}

/** Addresses that no client may reach as an endpoint: unspecified, loopback, link-local. */
export function nonSpecialIP(field: string, ip: string): FieldError[] {
  const family = parseIP(ip);
  if (!family) return [invalid(field, ip, 'must be a valid IP address')];
  const text = ip.toLowerCase();
  const v6 = family === 6;
  if (v6 ? /^[0:]+$/.test(text) : /^0+(\.0+){3}$/.test(text)) return [invalid(field, ip, 'may not be unspecified (0.0.0.0)')];
  if (v6 ? /^[0:]*:0*1$/.test(text) : text.startsWith('127.')) return [invalid(field, ip, 'may not be in the loopback range (127.0.0.0/8)')];
  if (v6 ? /^fe[89ab]/.test(text) : text.startsWith('169.254.')) return [invalid(field, ip, 'may not be in the link-local range (169.254.0.0/16)')];
  if (v6 ? /^ff.2:/.test(text) : text.startsWith('224.0.0.')) return [invalid(field, ip, 'may not be in the link-local multicast range (224.0.0.0/24)')];
  return [];
}

export const protocols = ['SCTP', 'TCP', 'UDP'];
/** Secrets and config maps hold at most 1 MiB. */
export const maxDataBytes = 1024 * 1024;
