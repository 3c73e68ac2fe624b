// sort and uniq.
import { type Command, input, linesOf } from './command.ts';
import { count, filter, type Options, Refused, save } from './getopt.ts';

interface Key {
  from: [field: number, character: number];
  to: [field: number, character: number];
  letters: string;
}

/** `2`, `2,2`, `1.3n,2r` */
function keyOf(text: string): Key {
  const [, field, character, first = '', last, lastCharacter, second = ''] = /^(\d+)(?:\.(\d+))?([a-zA-Z]*)(?:,(\d+)(?:\.(\d+))?([a-zA-Z]*))?$/.exec(text) ?? [];
  if (!field || field === '0') throw new Refused('bad field specification', 2);
  return { from: [Number(field) - 1, Number(character ?? 1) - 1], to: last ? [Number(last) - 1, Number(lastCharacter ?? 0)] : [Infinity, 0], letters: first + second };
}

/** The part of a line that a key names; without a mark a field has the blanks before it. */
function part(line: string, { from, to }: Key, mark: string | undefined): string {
  const fields = mark === undefined ? (line.match(/\s*\S+|\s+$/g) ?? []) : line.split(mark);
  const joined = mark ?? '';
  const offset = (field: number) => fields.slice(0, field).reduce((sum, text) => sum + text.length + joined.length, 0);
  const start = Math.min(offset(from[0]) + from[1], line.length);
  const end = to[0] === Infinity ? line.length : to[1] > 0 ? offset(to[0]) + to[1] : offset(to[0] + 1) - (to[0] < fields.length - 1 ? joined.length : 0);
  return line.slice(start, end);
}

const units = 'KMGTPE';
const human = (text: string) => {
  const [, number = '0', unit = ''] = /^\s*(-?\d*\.?\d*)([KMGTPE]?)/i.exec(text) ?? [];
  return (Number.parseFloat(number) || 0) * 1024 ** (unit ? units.indexOf(unit.toUpperCase()) + 1 : 0);
};
const versions = (a: string, b: string) => a.localeCompare(b, 'en', { numeric: true });
const plainly = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function compared(a: string, b: string, letters: string): number {
  if (letters.includes('h')) return human(a) - human(b);
  if (/[ng]/.test(letters)) return (Number.parseFloat(a) || 0) - (Number.parseFloat(b) || 0);
  if (letters.includes('b')) [a, b] = [a.trimStart(), b.trimStart()];
  if (letters.includes('f')) [a, b] = [a.toUpperCase(), b.toUpperCase()];
  if (letters.includes('V')) return versions(a, b);
  return plainly(a, b);
}

function order({ letters, values, lists }: Options): (a: string, b: string) => number {
  const keys = (lists['k'] ?? []).map(keyOf);
  const by = (key: Key | undefined, a: string, b: string) => {
    const how = key?.letters || letters;
    const result = key ? compared(part(a, key, values['t']), part(b, key, values['t']), how) : compared(a, b, how);
    return how.includes('r') ? -result : result;
  };
  return (a, b) => {
    for (const key of keys.length > 0 ? keys : [undefined]) {
      const result = by(key, a, b);
      if (result !== 0) return result;
    }
    return 0;
  };
}

const sort = filter('sort', { flags: 'nrugMcszbdfihV', values: 'okt', long: { reverse: 'r', unique: 'u', 'numeric-sort': 'n' }, status: 2 }, (options, io, shell) => {
  const { letters, values, rest } = options;
  const { text, status } = input('sort', rest, io, shell);
  if (status) return 2;
  const lines = linesOf(text);
  const compare = order(options);
  if (letters.includes('c')) {
    const wrong = lines.findIndex((line, i) => i > 0 && compare(lines[i - 1]!, line) > (letters.includes('u') ? -1 : 0));
    if (wrong > 0) io.err(`Check line ${wrong}\n`);
    return wrong > 0 ? 1 : 0;
  }
  const last = (a: string, b: string) => (letters.includes('s') || letters.includes('u') ? 0 : letters.includes('r') ? plainly(b, a) : plainly(a, b));
  lines.sort((a, b) => compare(a, b) || last(a, b));
  const kept = letters.includes('u') ? lines.filter((line, i) => i === 0 || compare(lines[i - 1]!, line) !== 0) : lines;
  const sorted = kept.map((line) => `${line}\n`).join('');
  if (values['o'] === undefined) io.out(sorted);
  else save(values['o'], sorted, shell);
  return 0;
});

const uniq = filter('uniq', { flags: 'cduiz', values: 'fsw' }, ({ letters, values, rest }, io, shell) => {
  const { text, status } = input('uniq', rest.slice(0, 1), io, shell);
  const [fields, characters, width] = ['f', 's', 'w'].map((letter) => (values[letter] === undefined ? undefined : count(values[letter])));
  const keyOfLine = (line: string) => {
    const rest = fields === undefined ? line : line.replace(new RegExp(`^(?:\\s*\\S+){0,${fields}}`), '');
    const key = rest.slice(characters ?? 0).slice(0, width);
    return letters.includes('i') ? key.toLowerCase() : key;
  };
  const groups: { line: string; key: string; times: number }[] = [];
  for (const line of linesOf(text)) {
    const key = keyOfLine(line);
    if (groups.at(-1)?.key === key) groups.at(-1)!.times++;
    else groups.push({ line, key, times: 1 });
  }
  const wanted = groups.filter(({ times }) => (!letters.includes('d') || times > 1) && (!letters.includes('u') || times === 1));
  const shown = wanted.map(({ line, times }) => `${letters.includes('c') ? `${String(times).padStart(7)} ` : ''}${line}\n`).join('');
  if (rest[1] === undefined) io.out(shown);
  else save(rest[1], shown, shell);
  return status;
});

export const sortCommands: Record<string, Command> = { sort, uniq };
