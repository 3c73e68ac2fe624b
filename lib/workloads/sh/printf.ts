import { numberOf } from './arithmetic.ts';
import { escapes } from './commands/command.ts';

/** `printf FORMAT [ARGUMENT…]`: the format is used again until all arguments are printed. */
export function printf(format: string, args: readonly string[]): string {
  let [out, at] = ['', 0];
  do {
    const before = at;
    out += escapes(format).replace(/%([-0+ #]*)(\d*)(?:\.(\d+))?([sdiuxXocbf%])/g, (_, flags: string, width: string, precision: string | undefined, kind: string) => {
      if (kind === '%') return '%';
      const value = shown(kind, args[at++] ?? '', precision);
      const text = flags.includes('+') && /[dif]/.test(kind) && !value.startsWith('-') ? `+${value}` : value;
      if (flags.includes('-')) return text.padEnd(Number(width));
      const sign = /^[-+]/.exec(text)?.[0] ?? '';
      return flags.includes('0') && kind !== 's' ? sign + text.slice(sign.length).padStart(Number(width) - sign.length, '0') : text.padStart(Number(width));
    });
    if (at === before) break;
  } while (at < args.length);
  return out;
}

function shown(kind: string, text: string, precision: string | undefined): string {
  if (kind === 's') return precision === undefined ? text : text.slice(0, Number(precision));
  if (kind === 'b') return escapes(text);
  if (kind === 'c') return text.slice(0, 1);
  if (kind === 'f') return (Number(text) || 0).toFixed(Number(precision ?? 6));
  const number = /^["']/.test(text) ? text.charCodeAt(1) : numberOf(text);
  if (kind === 'x' || kind === 'X') return kind === 'x' ? number.toString(16) : number.toString(16).toUpperCase();
  return kind === 'o' ? number.toString(8) : String(number);
}
