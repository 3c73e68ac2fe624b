// The table of `kubeadm certs check-expiration`.
import { alignTabs } from '../../../kubectl/index.ts';
import type { KubeadmHost } from '../host.ts';
import { type Certificate, readPair } from './certificate.ts';
import { certificates } from './list.ts';
import { renewable } from './renewal.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (n: number) => String(n).padStart(2, '0');

function dateOf(time: number): string {
  const at = new Date(time);
  return `${months[at.getUTCMonth()]} ${two(at.getUTCDate())}, ${at.getUTCFullYear()} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())} UTC`;
}

/** One unit only: `364d`, `9y` (duration.ShortHumanDuration). */
export function shortDuration(milliseconds: number): string {
  const seconds = Math.trunc(milliseconds / 1000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.trunc(seconds / 60)}m`;
  const hours = Math.trunc(seconds / 3600);
  return hours < 24 ? `${hours}h` : hours < 24 * 365 ? `${Math.trunc(hours / 24)}d` : `${Math.trunc(hours / 24 / 365)}y`;
}

export function expirationTable(host: KubeadmHost, folder: string): string {
  const { files, machine } = host;
  const managed = (file: string) => (readPair(files, folder, file).key ? 'no' : 'yes').padEnd(8);
  const row = (name: string, certificate: Certificate | undefined, more: readonly string[]) =>
    certificate ? [name, dateOf(certificate.notAfter), shortDuration(certificate.notAfter - machine.clock.now), ...more] : [`!MISSING! ${name}`, '', '', ...more.map(() => '')];
  const leaves = renewable.map(({ name, ca, authority, read }) => row(name, read(host, folder), [ca, managed(authority)]));
  const authorities = certificates.filter(({ ca }) => !ca).map(({ name, file }) => row(name, readPair(files, folder, file).certificate, [managed(file)])).sort((a, b) => (a[0]! < b[0]! ? -1 : 1));
  const rows = [['CERTIFICATE', 'EXPIRES', 'RESIDUAL TIME', 'CERTIFICATE AUTHORITY', 'EXTERNALLY MANAGED'], ...leaves, [''], ['CERTIFICATE AUTHORITY', 'EXPIRES', 'RESIDUAL TIME', 'EXTERNALLY MANAGED'], ...authorities];
  return alignTabs(`${rows.map((cells) => cells.join('\t')).join('\n')}\n`, { minWidth: 10, padding: 3 });
}
