// Lines as klog writes them: `E0101 00:00:15.000000       1 scraper.go:149] "Failed to scrape node" err="…" node="worker-1"`.
import type { Process } from '../../program.ts';

type Severity = 'I' | 'W' | 'E' | 'F';

const two = (number: number) => String(number).padStart(2, '0');

export function klog(process: Process, severity: Severity, at: string, text: string): void {
  const { now } = process.clock;
  const date = new Date(now);
  const time = `${two(date.getUTCMonth() + 1)}${two(date.getUTCDate())} ${date.toISOString().slice(11, 23)}000`;
  process.log(`${severity}${time}       1 ${at}] ${text}`, 'stderr');
}

/** A message with names and values. */
export const structured = (message: string, values: Record<string, string>): string => [JSON.stringify(message), ...Object.entries(values).map(([name, value]) => `${name}=${JSON.stringify(value)}`)].join(' ');

/** `15s`, `1m0s`, `15.5s`: as Go prints a duration of so many milliseconds. */
export function goDuration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  const rest = `${Number((seconds % 60).toFixed(3))}s`;
  return hours > 0 ? `${hours}h${minutes}m${rest}` : minutes > 0 ? `${minutes}m${rest}` : rest;
}

/** A program that panics with an error: Go's last words, and exit code 2. */
export function panic(process: Process, message: string): void {
  for (const line of [`panic: ${message}`, '', 'goroutine 1 [running]:', 'main.main()']) process.log(line, 'stderr');
  process.after(10, () => process.exit(2));
}
