// Options as Docker's command line reads them (spf13/pflag), and what it says of those it does not know.

export interface Flag {
  short?: string;
  /** It wants a value. */
  value?: boolean;
}

export type Flags = Readonly<Record<string, Flag>>;

export class UsageError extends Error {}

export class Options {
  readonly #values = new Map<string, string[]>();
  rest: string[] = [];

  add(name: string, value: string): void {
    const values = this.#values.get(name);
    if (values) values.push(value);
    else this.#values.set(name, [value]);
  }

  has(name: string): boolean {
    const value = this.get(name);
    return value !== undefined && value !== 'false';
  }

  /** The last value given. */
  get(name: string): string | undefined {
    return this.#values.get(name)?.at(-1);
  }

  all(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }
}

/** With `interspersed` false options end at the first word that is none, as in `docker run IMAGE -x`. */
export function parseOptions(args: readonly string[], flags: Flags, { interspersed = true } = {}): Options {
  const options = new Options();
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    if (word === '--') {
      options.rest.push(...args.slice(i + 1));
      break;
    }
    if (word.startsWith('--')) i = long(word, i, { args, flags, options });
    else if (word.startsWith('-') && word.length > 1) i = shorthand(word, i, { args, flags, options });
    else if (interspersed) options.rest.push(word);
    else {
      options.rest.push(...args.slice(i));
      break;
    }
  }
  return options;
}

interface Parts {
  args: readonly string[];
  flags: Flags;
  options: Options;
}

function long(word: string, i: number, { args, flags, options }: Parts): number {
  const [name = '', given] = word.slice(2).split(/=(.*)/s, 2);
  const flag = flags[name];
  if (!flag) throw new UsageError(`unknown flag: --${name}`);
  if (given !== undefined || !flag.value) {
    options.add(name, given ?? 'true');
    return i;
  }
  if (i + 1 >= args.length) throw new UsageError(`flag needs an argument: --${name}`);
  options.add(name, args[i + 1]!);
  return i + 1;
}

function shorthand(word: string, i: number, { args, flags, options }: Parts): number {
  for (let at = 1; at < word.length; at++) {
    const letter = word[at]!;
    const [name, flag] = Object.entries(flags).find(([, { short }]) => short === letter) ?? [];
    if (!name || !flag) throw new UsageError(`unknown shorthand flag: '${letter}' in ${word}`);
    if (!flag.value) {
      options.add(name, 'true');
      continue;
    }
    const given = word.slice(at + 1).replace(/^=/, '');
    if (given) options.add(name, given);
    else if (i + 1 >= args.length) throw new UsageError(`flag needs an argument: '${letter}' in ${word}`);
    else options.add(name, args[++i]!);
    break;
  }
  return i;
}
