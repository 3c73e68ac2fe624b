// Numbers and tables as Docker prints them (docker/go-units, text/tabwriter).

const decimal = ['B', 'kB', 'MB', 'GB', 'TB'];
const binary = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

function scaled(bytes: number, base: number, units: readonly string[], precision: number): string {
  let i = 0;
  for (; bytes >= base && i < units.length - 1; i++) bytes /= base;
  return `${Number(bytes.toPrecision(precision))}${units[i]}`;
}

/** `192MB` */
export const imageSize = (bytes: number): string => scaled(bytes, 1000, decimal, 3);
/** `3.072kB` */
export const decimalSize = (bytes: number): string => scaled(bytes, 1000, decimal, 4);
/** `15.62GiB` */
export const binarySize = (bytes: number): string => scaled(bytes, 1024, binary, 4);

/** `About a minute`, `3 hours` */
export function humanDuration(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < 1) return 'Less than a second';
  if (seconds === 1) return '1 second';
  if (seconds < 60) return `${seconds} seconds`;
  const minutes = Math.floor(seconds / 60);
  if (minutes === 1) return 'About a minute';
  if (minutes < 60) return `${minutes} minutes`;
  const hours = Math.floor(seconds / 3600 + 0.5);
  if (hours === 1) return 'About an hour';
  if (hours < 48) return `${hours} hours`;
  if (hours < 24 * 7 * 2) return `${Math.floor(hours / 24)} days`;
  if (hours < 24 * 30 * 2) return `${Math.floor(hours / 24 / 7)} weeks`;
  if (hours < 24 * 365 * 2) return `${Math.floor(hours / 24 / 30)} months`;
  return `${Math.floor(hours / 24 / 365)} years`;
}

/** Columns at least ten wide, three blanks between them. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(10, ...rows.map((row) => (row[i] ?? '').length + 3)));
  return rows.map((row) => `${row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i]!))).join('')}\n`).join('');
}

/** `512m`, `1g`, `64MiB` → bytes; undefined for what is no size. */
export function bytesOf(text: string): number | undefined {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmgtp]?)i?b?$/i.exec(text) ?? [];
  return number === undefined ? undefined : Math.floor(Number(number) * 1024 ** ' kmgtp'.indexOf(unit.toLowerCase() || ' '));
}

export const shorten = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length - 1)}…` : text);
