// Pins of public keys: `sha256:` and a hash (cmd/kubeadm/app/util/pubkeypin).
import { hex, sha256 } from '../../../api/index.ts';
import type { Certificate } from '../certificates/certificate.ts';
import { fail } from '../frame/errors.ts';

const hashBytes = 32;

/** The pin of an authority's key. */
export const publicKeyPin = ({ publicKey }: Certificate): string => `sha256:${hex(sha256(publicKey))}`;

/** As in kubeadm, only the first one counts. */
export function pinned([first]: readonly string[]): ReadonlySet<string> {
  if (first === undefined) return new Set();
  const [format = '', value, ...more] = first.split(':');
  if (value === undefined || more.length > 0) return fail('invalid public key hash, expected "format:value"');
  if (format.toLowerCase() !== 'sha256') fail(`unknown hash format ${JSON.stringify(format)}`);
  const bytes = Math.floor(value.length / 2);
  if (bytes !== hashBytes) fail(`expected a ${hashBytes} byte SHA-256 hash, found ${bytes} bytes`);
  const [odd] = /[^0-9a-fA-F]/u.exec(value) ?? [];
  if (odd !== undefined) fail(`encoding/hex: invalid byte: U+${odd.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')} '${odd}'`);
  if (value.length % 2 === 1) fail('encoding/hex: odd length hex string');
  return new Set([`sha256:${value.toLowerCase()}`]);
}

export const isPinned = (certificate: Certificate, pins: ReadonlySet<string>): boolean => pins.has(publicKeyPin(certificate));
