// What awk computes with: numbers, texts, and texts of the input that look like numbers.

export interface Numeric {
  text: string;
  number: number;
}

/** Nothing: a variable that was never set. */
export type Value = number | string | Numeric | undefined;

/** A field, or a value from the command line. */
export function fromInput(text: string): Value {
  return /^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$/.test(text) ? { text, number: Number(text) } : text;
}

export function toNumber(value: Value): number {
  if (typeof value === 'number') return value;
  if (value === undefined) return 0;
  return typeof value === 'object' ? value.number : Number.parseFloat(/^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?/.exec(value)?.[0] ?? '0');
}

export function toText(value: Value): string {
  if (typeof value === 'string') return value;
  if (value === undefined) return '';
  if (typeof value === 'object') return value.text;
  return Number.isInteger(value) && Math.abs(value) < 1e16 ? String(value) : general(value, 6);
}

export const isTrue = (value: Value): boolean => (typeof value === 'string' ? value !== '' : toNumber(value) !== 0);

export function compare(a: Value, b: Value): number {
  if (typeof a !== 'string' && typeof b !== 'string') return toNumber(a) - toNumber(b);
  const [x, y] = [toText(a), toText(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** `%g` of C. */
function general(value: number, precision: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  if (value === 0) return '0';
  const [digits = '', exponent = '0'] = value.toExponential(Math.max(0, precision - 1)).split('e');
  const power = Number(exponent);
  const bare = (text: string) => (text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text);
  if (power >= -4 && power < precision) return bare(value.toFixed(Math.min(100, Math.max(0, precision - 1 - power))));
  return `${bare(digits)}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

/** The text of one value for a letter of a format. */
function converted(letter: string, value: Value, precision: number | undefined): string {
  const number = toNumber(value);
  if (/[di]/.test(letter)) return String(Math.trunc(number));
  if (letter === 'x' || letter === 'X') return letter === 'x' ? Math.trunc(number).toString(16) : Math.trunc(number).toString(16).toUpperCase();
  if (letter === 'o') return Math.trunc(number).toString(8);
  if (letter === 'f') return number.toFixed(Math.min(precision ?? 6, 100));
  if (letter === 'e') return number.toExponential(Math.min(precision ?? 6, 100)).replace(/e([-+])(\d)$/, 'e$10$2');
  if (letter === 'g') return general(number, Math.min(precision ?? 6, 100) || 1);
  if (letter === 'c') return typeof value === 'number' ? String.fromCharCode(value) : toText(value).slice(0, 1);
  return toText(value).slice(0, precision);
}

/** `sprintf` */
export function formatted(template: string, values: readonly Value[]): string {
  let at = 0;
  return template.replace(/%([-+ 0#]*)(\*|\d*)(?:\.(\*|\d*))?([a-zA-Z%])/g, (_, how: string, width: string, precision: string | undefined, letter: string) => {
    if (letter === '%') return '%';
    const size = (text: string) => (text === '*' ? toNumber(values[at++]) : Number(text));
    const wide = Math.min(size(width), 10_000);
    const places = precision === undefined ? undefined : size(precision);
    const value = values[at++];
    const text = (how.includes('+') && /[dif]/.test(letter) && toNumber(value) >= 0 ? '+' : '') + converted(letter, value, places);
    if (how.includes('-')) return text.padEnd(wide);
    const sign = /^[-+]/.exec(text)?.[0] ?? '';
    return how.includes('0') && !/[sc]/.test(letter) ? sign + text.slice(sign.length).padStart(wide - sign.length, '0') : text.padStart(wide);
  });
}
