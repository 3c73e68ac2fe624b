// What the command prints. Colours and progress only on a terminal.
import pc from 'picocolors';
import type { Problem } from './lesson/problems.ts';
import type { Paint } from './report.ts';

const colours = pc.createColors(Boolean(process.stdout.isTTY) && pc.isColorSupported);
export const paint: Paint & { cyan(text: string): string } = colours;

export function say(text = ''): void {
  process.stdout.write(`${text}\n`);
}

export function complain(text: string): void {
  process.stderr.write(`${text}\n`);
}

export function sayJson(value: unknown): void {
  say(JSON.stringify(value, null, 2));
}

/** One line that is rewritten while something takes long; nothing where nobody watches. */
export function progress(text: string): void {
  if (process.stderr.isTTY && !process.env.CI) process.stderr.write(`\r\x1b[K${text}`);
}

export function problemText({ file, line, code, message, next, detail }: Problem): string {
  const place = line > 0 ? `${file}:${line}` : file;
  const lines = [`${paint.red('✗')} ${paint.bold(place)} ${message} ${paint.dim(`[${code}]`)}`];
  for (const one of detail?.split('\n') ?? []) {
    const colour = one.startsWith('+') ? paint.green : one.startsWith('-') ? paint.red : paint.dim;
    lines.push(`    ${colour(one)}`);
  }
  lines.push(`    → ${next}`);
  return lines.join('\n');
}
