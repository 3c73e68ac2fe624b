// Flags as pflag reads them: --name value, --name=value, -n value, -nvalue, joined single letters.
import { PlainError } from './errors.ts';
import { parseGoDuration } from './text/duration.ts';

export interface Flag {
  name: string;
  short?: string;
  type: 'string' | 'bool' | 'int' | 'list' | 'duration';
  /** The value it has when not given. */
  value?: string;
  /** The value it has when given without one (`--dry-run`, `--cascade`). */
  alone?: string;
  /** What is wrong with a value, beside its type. */
  check?(value: string): string | undefined;
}

/** `string('output', 'o')` and so on: short spellings for tables of flags. */
export const string = (name: string, short?: string, value = ''): Flag => ({ name, type: 'string', ...(short && { short }), value });
export const bool = (name: string, short?: string, value = 'false'): Flag => ({ name, type: 'bool', ...(short && { short }), value });
export const int = (name: string, value = '0', short?: string): Flag => ({ name, type: 'int', ...(short && { short }), value });
export const list = (name: string, short?: string): Flag => ({ name, type: 'list', ...(short && { short }) });
export const time = (name: string, value = '0s'): Flag => ({ name, type: 'duration', value });

export class Flags {
  #given = new Map<string, string[]>();
  #known: Map<string, Flag>;

  constructor(known: Map<string, Flag>) {
    this.#known = known;
  }
  set(name: string, value: string): void {
    const former = this.#given.get(name);
    if (former) former.push(value);
    else this.#given.set(name, [value]);
  }
  has(name: string): boolean {
    return this.#given.has(name);
  }
  string(name: string): string {
    return this.#given.get(name)?.at(-1) ?? this.#known.get(name)?.value ?? '';
  }
  bool(name: string): boolean {
    return /^(1|t|true)$/i.test(this.string(name));
  }
  int(name: string): number {
    return Number(this.string(name) || 0);
  }
  /** Every value given, commas splitting. */
  list(name: string): string[] {
    return (this.#given.get(name) ?? []).flatMap((value) => value.split(','));
  }
  /** Names and values in the order in which names were first given. */
  given(): [name: string, value: string][] {
    return [...this.#given].map(([name, values]) => [name, this.#known.get(name)?.type === 'list' ? values.join(',') : values.at(-1)!]);
  }
  /** Every value given, as it was written. */
  all(name: string): string[] {
    return this.#given.get(name) ?? [];
  }
  /** Milliseconds. */
  duration(name: string): number {
    return parseGoDuration(this.string(name)) ?? 0;
  }
}

export interface Parsed {
  flags: Flags;
  args: string[];
  /** How many of `args` came before `--`, -1 when there was none. */
  dash: number;
}

/** Parses what follows the command. Errors are kubectl's own, with the command whose usage to look at. */
export function parseFlags(argv: readonly string[], known: readonly Flag[], command: string): Parsed {
  return readFlags(argv, known, (text) => {
    throw new PlainError(`error: ${text}\nSee '${command} --help' for usage.`);
  });
}

/** As pflag does, for any command; `fail` throws. */
export function readFlags(argv: readonly string[], known: readonly Flag[], fail: (text: string) => never): Parsed {
  const byName = new Map(known.map((flag) => [flag.name, flag]));
  const byShort = new Map(known.filter((flag) => flag.short).map((flag) => [flag.short!, flag]));
  const flags = new Flags(byName);
  const args: string[] = [];
  let dash = -1;

  function assign(flag: Flag, value: string): void {
    const spelled = flag.short ? `-${flag.short}, --${flag.name}` : `--${flag.name}`;
    const why = problem(flag, value) ?? flag.check?.(value);
    if (why) fail(`invalid argument ${JSON.stringify(value)} for ${JSON.stringify(spelled)} flag: ${why}`);
    flags.set(flag.name, value);
  }

  function long(text: string, next: () => string | undefined): void {
    const [, name, value] = /^--([^=]*)(?:=(.*))?$/s.exec(text)!;
    const flag = byName.get(name!);
    if (!flag) {
      if (name === 'help') return flags.set('help', 'true');
      return fail(name === '' || name!.startsWith('-') ? `bad flag syntax: ${text}` : `unknown flag: --${name}`);
    }
    const alone = flag.alone ?? (flag.type === 'bool' ? 'true' : undefined);
    if (value !== undefined) assign(flag, value);
    else if (alone !== undefined) assign(flag, alone);
    else assign(flag, next() ?? fail(`flag needs an argument: --${name}`));
  }

  function short(text: string, next: () => string | undefined): void {
    for (let i = 1; i < text.length; i++) {
      const letter = text[i]!;
      const flag = byShort.get(letter);
      if (!flag) {
        if (letter === 'h') return flags.set('help', 'true');
        return fail(`unknown shorthand flag: '${letter}' in ${text.slice(i - 1 === 0 ? 0 : 0)}`.replace(text, `-${text.slice(i)}`));
      }
      const rest = text.slice(i + 1);
      const alone = flag.alone ?? (flag.type === 'bool' ? 'true' : undefined);
      if (rest.startsWith('=')) return assign(flag, rest.slice(1));
      if (alone !== undefined) assign(flag, alone);
      else return assign(flag, rest || (next() ?? fail(`flag needs an argument: '${letter}' in -${text.slice(i)}`)));
    }
  }

  for (let i = 0; i < argv.length; i++) {
    const text = argv[i]!;
    const next = () => (i + 1 < argv.length ? argv[++i] : undefined);
    if (text === '--') {
      dash = args.length;
      args.push(...argv.slice(i + 1));
      break;
    }
    if (text.startsWith('--')) long(text, next);
    else if (text.length > 1 && text.startsWith('-')) short(text, next);
    else args.push(text);
  }
  return { flags, args, dash };
}

function problem({ type }: Flag, value: string): string | undefined {
  if (type === 'bool' && !/^(1|t|true|0|f|false)$/i.test(value)) return `strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`;
  if (type === 'int' && !/^[-+]?\d+$/.test(value)) return `strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`;
  if (type === 'duration' && parseGoDuration(value) === undefined) {
    return /^[-+]?[\d.]+$/.test(value) ? `time: missing unit in duration ${JSON.stringify(value)}` : `time: invalid duration ${JSON.stringify(value)}`;
  }
  return undefined;
}
