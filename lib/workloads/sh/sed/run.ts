// Runs a parsed sed script over lines.
import { bounded, Endless, Refused } from '../commands/getopt.ts';
import { type Found, type Regex, replaced } from '../regex/index.ts';
import type { Address, SedCommand, Substitution } from './parse.ts';

export interface SedFiles {
  read(path: string): string | undefined;
  write(path: string, text: string): void;
}

/** Commands for one text: a script that jumps in circles does not end. */
const most = 2_000_000;

const filled = (to: string, { text, groups }: Found) => to.replace(/\\([^])|&/g, (all, c?: string) => (all === '&' ? text : /\d/.test(c!) ? (groups[Number(c)] ?? '') : c === 't' ? '\t' : c!));

export class Sed {
  readonly #commands: readonly SedCommand[];
  readonly #quiet: boolean;
  readonly #files: SedFiles;
  readonly #ends = new Map<SedCommand, number>();
  readonly #written = new Map<string, string>();
  #lines: readonly string[] = [];
  #next = 0;
  #space = '';
  #hold = '';
  #out = '';
  #after = '';
  #last: Regex | undefined;
  #left = most;

  constructor(commands: readonly SedCommand[], { quiet, files }: { quiet: boolean; files: SedFiles }) {
    this.#commands = commands;
    this.#quiet = quiet;
    this.#files = files;
  }

  run(text: string): string {
    this.#lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
    [this.#next, this.#out] = [0, ''];
    for (let again = false; again || this.#next < this.#lines.length; ) {
      if (!again) this.#space = this.#lines[this.#next++]!;
      const how = this.#cycle();
      if (!this.#quiet && how !== 'delete' && how !== 'again' && how !== 'silent') this.#out += `${this.#space}\n`;
      this.#flush();
      if (how === 'quit' || how === 'silent') break;
      again = how === 'again';
    }
    for (const [path, written] of this.#written) this.#files.write(path, written);
    return text.endsWith('\n') || text === '' || this.#next < this.#lines.length ? this.#out : this.#out.replace(/\n$/, '');
  }

  #flush(): void {
    this.#out += this.#after;
    this.#after = '';
  }

  #cycle(): 'print' | 'delete' | 'again' | 'quit' | 'silent' {
    let changed = false;
    for (let at = 0; at < this.#commands.length; ) {
      if (--this.#left < 0) throw new Endless();
      const command = this.#commands[at++]!;
      if (this.#chosen(command) === command.negated) {
        if (command.name === '{') at = command.target!;
        continue;
      }
      if (command.name === 's') changed = this.#substitute(command.substitution!) || changed;
      else if (command.name === 'b') at = command.target!;
      else if (command.name === 't' || command.name === 'T') {
        if (changed === (command.name === 't')) at = command.target!;
        changed = false;
      } else {
        const end = this.#do(command);
        if (end) return end;
      }
    }
    return 'print';
  }

  /** What one command does; an answer ends the cycle. */
  #do({ name, text, letters, to, negated }: SedCommand): 'delete' | 'again' | 'quit' | 'silent' | undefined {
    const cut = this.#space.indexOf('\n');
    if (name === 'd') return 'delete';
    if (name === 'q') return 'quit';
    if (name === 'Q') return 'silent';
    if (name === 'p') this.#out += `${this.#space}\n`;
    else if (name === 'P') this.#out += `${cut < 0 ? this.#space : this.#space.slice(0, cut)}\n`;
    else if (name === '=') this.#out += `${this.#next}\n`;
    else if (name === 'a') this.#after += `${text}\n`;
    else if (name === 'i') this.#out += `${text}\n`;
    else if (name === 'r') this.#after += this.#files.read(text) ?? '';
    else if (name === 'w') this.#written.set(text, `${this.#written.get(text) ?? ''}${this.#space}\n`);
    else if (name === 'g') this.#space = this.#hold;
    else if (name === 'G') this.#space = bounded(`${this.#space}\n${this.#hold}`);
    else if (name === 'h') this.#hold = this.#space;
    else if (name === 'H') this.#hold = bounded(`${this.#hold}\n${this.#space}`);
    else if (name === 'x') [this.#space, this.#hold] = [this.#hold, this.#space];
    else if (name === 'y') this.#space = [...this.#space].map((letter) => letters!.get(letter) ?? letter).join('');
    else if (name === 'l') this.#out += `${this.#space.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n')}$\n`;
    else if (name === 'c') {
      if (!to || negated || this.#inside === false) this.#out += `${text}\n`;
      return 'delete';
    } else if (name === 'D') {
      if (cut < 0) return 'delete';
      this.#space = this.#space.slice(cut + 1);
      return 'again';
    } else if (name === 'n' || name === 'N') return this.#read(name);
    return undefined;
  }

  #read(name: 'n' | 'N'): 'quit' | 'silent' | undefined {
    const line = this.#lines[this.#next];
    if (line === undefined) return 'quit';
    if (name === 'n' && !this.#quiet) this.#out += `${this.#space}\n`;
    this.#flush();
    this.#next++;
    this.#space = name === 'n' ? line : `${this.#space}\n${line}`;
    return undefined;
  }

  #substitute({ pattern = this.#last, to, all, nth, print }: Substitution): boolean {
    if (!pattern) throw new Refused('no previous regexp');
    this.#last = pattern;
    const { text, count } = replaced(pattern, this.#space, (found) => filled(to, found), { all, nth });
    this.#space = bounded(text);
    if (count > 0 && print) this.#out += `${text}\n`;
    return count > 0;
  }

  /** The range of the command that was looked at last goes on after this line. */
  #inside = false;

  #chosen(command: SedCommand): boolean {
    const { from, to } = command;
    if (!from) return true;
    if (!to) return this.#at(from);
    const end = this.#ends.get(command);
    if (end === undefined) {
      if (!this.#at(from)) return false;
      const last = to.kind === 'more' ? this.#next + to.lines : to.kind === 'line' ? to.line : Infinity;
      this.#inside = last > this.#next && !(to.kind === 'last' && this.#at(to));
      if (this.#inside) this.#ends.set(command, last);
      return true;
    }
    this.#inside = !(this.#next >= end || (to.kind !== 'line' && to.kind !== 'more' && this.#at(to)));
    if (!this.#inside) this.#ends.delete(command);
    return this.#next <= end;
  }

  #at(address: Address): boolean {
    if (address.kind === 'line') return address.line === this.#next;
    if (address.kind === 'last') return this.#next === this.#lines.length;
    if (address.kind === 'more') return false;
    const pattern = address.pattern ?? this.#last;
    if (!pattern) throw new Refused('no previous regexp');
    this.#last = pattern;
    return pattern.find(this.#space) !== undefined;
  }
}
