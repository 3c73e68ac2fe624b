// What a running awk program has: variables, arrays, the record and its fields.
import { Endless, patternOr } from '../commands/getopt.ts';
import { type Regex, regex } from '../regex/index.ts';
import { fromInput, toNumber, toText, type Value } from './values.ts';

const most = 3_000_000;

export class Machine {
  readonly variables = new Map<string, Value>([['FS', ' '], ['OFS', ' '], ['ORS', '\n'], ['RS', '\n'], ['SUBSEP', '\x1c'], ['NR', 0], ['FNR', 0]]);
  readonly arrays = new Map<string, Map<string, Value>>();
  readonly write: (text: string, path?: string, append?: boolean) => void;
  readonly now: number;
  exitCode = 0;
  #record = '';
  #fields: string[] | undefined = [];
  #left = most;
  readonly #patterns = new Map<string, Regex>();

  constructor({ write, now }: { write: Machine['write']; now: number }) {
    this.write = write;
    this.now = now;
  }

  /** Called in every turn of a loop. */
  step(): void {
    if (--this.#left < 0) throw new Endless();
  }

  text(name: string): string {
    return toText(this.variables.get(name));
  }

  array(name: string): Map<string, Value> {
    let found = this.arrays.get(name);
    if (!found) this.arrays.set(name, (found = new Map()));
    return found;
  }

  pattern(source: string): Regex {
    let found = this.#patterns.get(source);
    if (!found) this.#patterns.set(source, (found = patternOr(source, 1, () => regex(source, { extended: true }))));
    return found;
  }

  split(text: string, mark: string | Regex): string[] {
    if (mark === ' ') return text.trim() === '' ? [] : text.trim().split(/[ \t\n]+/);
    if (text === '') return [];
    if (typeof mark === 'string' && mark.length <= 1) return text.split(mark);
    const pattern = typeof mark === 'string' ? this.pattern(mark) : mark;
    const parts: string[] = [];
    let from = 0;
    for (let found = pattern.find(text, 0); found && found.end > found.start; found = pattern.find(text, from)) {
      parts.push(text.slice(from, found.start));
      from = found.end;
    }
    return [...parts, text.slice(from)];
  }

  get record(): string {
    return this.#record;
  }

  set record(text: string) {
    this.#record = text;
    this.#fields = undefined;
  }

  get fields(): string[] {
    return (this.#fields ??= this.split(this.#record, this.text('FS')));
  }

  get(name: string): Value {
    return name === 'NF' ? this.fields.length : this.variables.get(name);
  }

  set(name: string, value: Value): void {
    if (name !== 'NF') return void this.variables.set(name, value);
    const { fields } = this;
    const length = Math.min(Math.max(0, Math.trunc(toNumber(value))), 10_000);
    this.#join(Array.from({ length }, (_, i) => fields[i] ?? ''));
  }

  field(number: number): Value {
    if (number === 0) return fromInput(this.#record);
    const text = this.fields[Math.trunc(number) - 1];
    return text === undefined ? undefined : fromInput(text);
  }

  setField(number: number, value: Value): void {
    if (number === 0) this.record = toText(value);
    else if (number > 0 && number <= 10_000) {
      const { fields } = this;
      while (fields.length < number) fields.push('');
      fields[number - 1] = toText(value);
      this.#join(fields);
    }
  }

  #join(fields: string[]): void {
    this.#fields = fields;
    this.#record = fields.join(this.text('OFS'));
  }
}
