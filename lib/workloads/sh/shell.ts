// Runs a parsed script. A generator: where the script waits it yields milliseconds, so that the same code runs a container's main process
// on the cluster's clock and a short `kubectl exec` at once.
import type { Process } from '../program.ts';
import { FileError, resolvePath } from '../../machine/index.ts';
import { type Node, parseScript, type Redirect, ShellSyntaxError, type Word } from './syntax.ts';
import { arithmetic } from './arithmetic.ts';
import { type Command, commands } from './commands.ts';
import { globPattern } from './commands/pattern.ts';
import { isTest, test } from './test.ts';

/** How a shell that is process 1 takes SIGTERM: a trap runs when the command in the foreground is over, or at once during `wait`. */
export interface Signals {
  exitCode?: number;
  waiting: boolean;
}

/** Yields milliseconds to wait (Infinity: until it is killed); returns an exit status. */
export type Running$ = Generator<number, number, void>;

export interface Io {
  stdin: string;
  out(text: string): void;
  err(text: string): void;
}

export class ExitShell extends Error {
  constructor(readonly status: number) {
    super('exit');
  }
}
class LoopControl extends Error {
  levels: number;
  constructor(
    readonly what: 'break' | 'continue',
    levels: number,
  ) {
    super(what);
    this.levels = levels;
  }
}
class ReturnFunction extends Error {
  constructor(readonly status: number) {
    super('return');
  }
}

/** Commands that run without waiting before the shell takes a breath: an endless loop must not stop the clock. */
const breath = 500;

export class Shell {
  readonly process: Process;
  /** What process 1 does on SIGTERM, when this shell (or its parent) is process 1. */
  readonly signals: Signals | undefined;
  readonly variables: Map<string, string>;
  readonly functions = new Map<string, Node>();
  cwd: string;
  status = 0;
  parameters: readonly string[] = [];
  name = 'sh';
  errexit = false;
  /** Starts a program that is no shell command (nginx from a script). */
  readonly exec: (argv: readonly string[]) => boolean;
  /** Commands that only this machine has. */
  readonly extra: Readonly<Record<string, Command>>;
  #commands = 0;
  /** Commands in the background that have not ended. */
  #jobs = 0;

  constructor(process: Process, { signals, exec = () => false, extra = {} }: { signals?: Signals; exec?: (argv: readonly string[]) => boolean; extra?: Readonly<Record<string, Command>> } = {}) {
    this.extra = { ...process.tools, ...extra };
    this.process = process;
    this.signals = signals;
    this.exec = exec;
    this.variables = new Map(Object.entries(process.env));
    this.cwd = process.workingDirectory;
  }

  *script(text: string, io: Io): Running$ {
    try {
      return yield* this.run(parseScript(text), io);
    } catch (error) {
      if (error instanceof ExitShell) return error.status;
      if (error instanceof ShellSyntaxError) {
        io.err(`${this.name}: ${error.message}\n`);
        return 2;
      }
      throw error;
    }
  }

  *run(node: Node, io: Io): Running$ {
    switch (node.kind) {
      case 'list':
        return yield* this.#list(node.items, io);
      case 'simple':
        return yield* this.#simple(node, io);
      case 'pipeline':
        return yield* this.#pipeline(node.commands, node.negated, io);
      case 'if':
        for (const clause of node.clauses) if ((yield* this.#condition(clause.condition, io)) === 0) return yield* this.run(clause.body, io);
        return node.otherwise ? yield* this.run(node.otherwise, io) : (this.status = 0);
      case 'while':
        return yield* this.#loop(node, io);
      case 'for':
        return yield* this.#for(node.name, node.words, node.body, io);
      case 'case':
        return yield* this.#case(node, io);
      case 'group':
        return yield* this.#redirected(node.redirects, io, (inner) => (node.subshell ? this.#subshell(node.body, inner) : this.run(node.body, inner)));
      case 'function':
        this.functions.set(node.name, node.body);
        return (this.status = 0);
    }
  }

  *#list(items: (Node & { kind: 'list' })['items'], io: Io): Running$ {
    let skip: '&&' | '||' | undefined;
    for (const { node, operator } of items) {
      const skipped = (skip === '&&' && this.status !== 0) || (skip === '||' && this.status === 0);
      if (!skipped && operator === '&') this.#background(this.#subshell(node, io));
      else if (!skipped) {
        yield* this.run(node, io);
        if (this.errexit && this.status !== 0 && operator === ';' && !skip) throw new ExitShell(this.status);
      }
      skip = operator === '&&' || operator === '||' ? operator : undefined;
    }
    return this.status;
  }

  /** Runs on its own from wait to wait. */
  #background(steps: Running$): void {
    const step = steps.next();
    if (step.done) return;
    if (step.value === Infinity) {
      this.#jobs++;
      return;
    }
    this.#jobs++;
    this.process.after(step.value, () => {
      this.#jobs--;
      this.#background(steps);
    });
  }

  *#condition(node: Node, io: Io): Running$ {
    const before = this.errexit;
    this.errexit = false;
    yield* this.run(node, io);
    this.errexit = before;
    return this.status;
  }

  // Differs from Kubernetes: the commands of a pipe run one after the other, not side by side.
  *#pipeline(nodes: Node[], negated: boolean, io: Io): Running$ {
    let { stdin } = io;
    for (const [i, node] of nodes.entries()) {
      const last = i === nodes.length - 1;
      let text = '';
      yield* this.run(node, last ? { ...io, stdin } : { ...io, stdin, out: (piece) => void (text += piece) });
      stdin = text;
    }
    if (negated) this.status = this.status === 0 ? 1 : 0;
    return this.status;
  }

  *#loop({ condition, body, until }: Node & { kind: 'while' }, io: Io): Running$ {
    let status = 0;
    while (((yield* this.#condition(condition, io)) === 0) !== until) {
      try {
        status = yield* this.run(body, io);
      } catch (error) {
        if (this.#endsLoop(error)) break;
      }
      yield* this.breathe();
    }
    return (this.status = status);
  }

  /** True for `break`, false for `continue`; anything else goes on up. */
  #endsLoop(error: unknown): boolean {
    if (!(error instanceof LoopControl)) throw error;
    if (--error.levels > 0) throw error;
    return error.what === 'break';
  }

  *#for(name: string, words: Word[] | undefined, body: Node, io: Io): Running$ {
    const values = words ? yield* this.#expandAll(words, io) : [...this.parameters];
    for (const value of values) {
      this.variables.set(name, value);
      try {
        yield* this.run(body, io);
      } catch (error) {
        if (this.#endsLoop(error)) break;
      }
    }
    return this.status;
  }

  *#case({ word, clauses }: Node & { kind: 'case' }, io: Io): Running$ {
    const value = yield* this.#text(word, io);
    for (const { patterns, body } of clauses) {
      for (const pattern of patterns) if (globPattern(yield* this.#text(pattern, io)).test(value)) return yield* this.run(body, io);
    }
    return (this.status = 0);
  }

  *#subshell(body: Node, io: Io): Running$ {
    const inner = new Shell(this.process, { exec: this.exec, extra: this.extra });
    for (const [name, value] of this.variables) inner.variables.set(name, value);
    for (const [name, node] of this.functions) inner.functions.set(name, node);
    Object.assign(inner, { cwd: this.cwd, parameters: this.parameters, name: this.name, status: this.status });
    try {
      return (this.status = yield* inner.run(body, io));
    } catch (error) {
      if (error instanceof ExitShell) return (this.status = error.status);
      throw error;
    }
  }

  *#simple(node: Node & { kind: 'simple' }, io: Io): Running$ {
    const argv = yield* this.#expandAll(node.words, io);
    const saved: [string, string | undefined][] = [];
    for (const [name, word] of node.assignments) {
      const value = yield* this.#text(word, io);
      if (argv.length > 0) saved.push([name, this.variables.get(name)]);
      this.variables.set(name, value);
      if (argv.length === 0) this.status = 0;
    }
    if (argv.length > 0 || node.redirects.length > 0) {
      yield* this.#redirected(node.redirects, io, (inner) => (argv.length > 0 ? this.command(argv, inner) : nothing()));
    }
    for (const [name, value] of saved) value === undefined ? this.variables.delete(name) : this.variables.set(name, value);
    return this.status;
  }

  /** Runs one command, its words expanded. */
  *command(argv: readonly string[], io: Io): Running$ {
    yield* this.breathe();
    const name = argv[0]!;
    const body = this.functions.get(name);
    if (body) return yield* this.#call(body, argv.slice(1), io);
    if (name === 'wait') return yield* this.#wait();
    const special = this.#special(/^\/(usr\/)?bin\/(true|false)$/.test(name) ? name.replace(/.*\//, '') : name, argv.slice(1), io);
    if (special !== undefined) return (this.status = special);
    if (name === 'exec' || name === 'command' || name === 'nohup') return yield* this.command(argv.slice(1), io);
    if (name === 'eval' || name === '.' || name === 'source') {
      const text = name === 'eval' ? argv.slice(1).join(' ') : (this.process.files.read(resolvePath(argv[1] ?? '', this.cwd)) ?? '');
      return yield* this.run(parseScript(text), io);
    }
    if (isTest(name.replace(/^\/(usr\/)?bin\//, ''))) return (this.status = test(argv, this.process.files, this.cwd));
    const base = name.slice(name.lastIndexOf('/') + 1);
    if (/^(sh|bash|ash|dash)$/.test(base)) return yield* this.#child(argv.slice(1), io, name);
    const command = this.extra[base] ?? commands[base];
    if (command) return (this.status = yield* command(argv, io, this));
    const script = name.includes('/') ? this.process.files.read(resolvePath(name, this.cwd)) : undefined;
    if (script !== undefined) return yield* this.#child([name, ...argv.slice(1)], io);
    if (this.exec(argv)) {
      yield Infinity;
    }
    io.err(`${this.name}: ${name}: not found\n`);
    return (this.status = 127);
  }

  *#child(args: readonly string[], io: Io, name = this.name): Running$ {
    const inner = new Shell(this.process, { exec: this.exec, extra: this.extra, ...(this.signals && { signals: this.signals }) });
    for (const [name, value] of this.variables) inner.variables.set(name, value);
    inner.cwd = this.cwd;
    inner.name = name;
    return (this.status = yield* inner.main(args, io));
  }

  /** `sh [-c script] [file] [args]` */
  *main(args: readonly string[], io: Io): Running$ {
    let i = 0;
    let script: string | undefined;
    while (i < args.length && /^[-+]/.test(args[i]!)) {
      const option = args[i++]!;
      if (option.includes('e') && !option.startsWith('--')) this.errexit = true;
      if (/^-\w*c/.test(option)) {
        script = args[i++] ?? '';
        break;
      }
    }
    if (script !== undefined) {
      this.name = args[i] ?? this.name;
      this.parameters = args.slice(i + 1);
      return yield* this.script(script, io);
    }
    if (i < args.length) {
      const text = this.process.files.read(resolvePath(args[i]!, this.cwd));
      this.parameters = args.slice(i + 1);
      if (text !== undefined) return yield* this.script(text, io);
      io.err(`${this.name}: can't open '${args[i]}': No such file or directory\n`);
      return 2;
    }
    return yield* this.script(io.stdin, io);
  }

  *#call(body: Node, args: readonly string[], io: Io): Running$ {
    const before = this.parameters;
    this.parameters = args;
    try {
      return yield* this.run(body, io);
    } catch (error) {
      if (error instanceof ReturnFunction) return (this.status = error.status);
      throw error;
    } finally {
      this.parameters = before;
    }
  }

  #special(name: string, args: readonly string[], io: Io): number | undefined {
    const number = (text: string | undefined, otherwise: number) => (text === undefined ? otherwise : Number(text) & 255);
    switch (name) {
      case ':':
      case 'true':
        return 0;
      case 'false':
        return 1;
      case 'exit':
        throw new ExitShell(number(args[0], this.status));
      case 'return':
        throw new ReturnFunction(number(args[0], this.status));
      case 'break':
      case 'continue':
        throw new LoopControl(name, Number(args[0] ?? 1));
      case 'cd': {
        const path = resolvePath(args[0] ?? this.variables.get('HOME') ?? '/', this.cwd);
        if (!this.process.files.isDirectory(path)) {
          io.err(`${this.name}: cd: can't cd to ${args[0]}: No such file or directory\n`);
          return 2;
        }
        this.cwd = path;
        return 0;
      }
      case 'export':
      case 'readonly':
      case 'local':
        for (const text of args) if (text.includes('=')) this.variables.set(text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1));
        return 0;
      case 'unset':
        for (const variable of args) this.variables.delete(variable);
        return 0;
      case 'set':
        if (args[0]?.startsWith('-') && args[0].includes('e')) this.errexit = true;
        return 0;
      case 'shift':
        this.parameters = this.parameters.slice(Number(args[0] ?? 1));
        return 0;
      case 'trap':
        return this.#trap(args);
      case 'read': {
        const line = io.stdin.split('\n', 1)[0] ?? '';
        io.stdin = io.stdin.slice(line.length + 1);
        this.variables.set(args.filter((a) => !a.startsWith('-'))[0] ?? 'REPLY', line);
        return line ? 0 : 1;
      }
      default:
        return undefined;
    }
  }

  // Differs from Kubernetes: of a handler only its `exit` counts; what it prints is not shown.
  #trap([handler = '', ...names]: readonly string[]): number {
    if (!this.signals || !names.some((s) => /^(SIG)?TERM$|^15$/.test(s))) return 0;
    const status = /exit\s*(\d*)/.exec(handler);
    if (status) this.signals.exitCode = Number(status[1] || 0);
    return 0;
  }

  *#wait(): Running$ {
    if (this.signals) this.signals.waiting = true;
    while (this.#jobs > 0) yield 500;
    if (this.signals) this.signals.waiting = false;
    return (this.status = 0);
  }

  *#redirected(redirects: Redirect[], io: Io, body: (io: Io) => Running$): Running$ {
    if (redirects.length === 0) return yield* body(io);
    const inner: Io = { ...io };
    const { files } = this.process;
    for (const { fd, operator, target } of redirects) {
      const name = yield* this.#text(target, io);
      if (operator === '>&') {
        if (fd === 2 && name === '1') inner.err = inner.out;
        else if (fd === 1 && name === '2') inner.out = inner.err;
        continue;
      }
      const path = resolvePath(name, this.cwd);
      if (operator === '<') {
        try {
          inner.stdin = files.readFile(path);
        } catch (error) {
          if (!(error instanceof FileError)) throw error;
          io.err(`${this.name}: can't open ${name}: ${error.code === 'ENOENT' ? 'no such file' : error.message}\n`);
          return (this.status = 1);
        }
        continue;
      }
      const stream = /^\/dev\/(stdout|stderr)$|^\/proc\/(?:1|self)\/fd\/([12])$/.exec(path);
      if (stream) {
        const to = stream[1] === 'stderr' || stream[2] === '2' ? io.err : io.out;
        if (fd === 2) inner.err = to;
        else inner.out = to;
        continue;
      }
      let text = operator === '>>' ? (files.read(path) ?? '') : '';
      try {
        files.write(path, text);
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        io.err(`${this.name}: can't create ${name}: ${error.code === 'ENOENT' ? 'nonexistent directory' : error.message}\n`);
        return (this.status = 1);
      }
      const write = (piece: string) => {
        text += piece;
        files.write(path, text);
      };
      if (fd === 2) inner.err = write;
      else inner.out = write;
    }
    return yield* body(inner);
  }

  *#expandAll(words: readonly Word[], io: Io): Generator<number, string[], void> {
    const out: string[] = [];
    for (const word of words) {
      if (word.length === 1 && word[0]!.kind === 'text') {
        const { text, quoted } = word[0]!;
        if (!quoted && /[*?]/.test(text)) out.push(...this.#files(text));
        else out.push(text);
        continue;
      }
      if (word.length === 1 && word[0]!.kind === 'variable' && word[0]!.name === '@') {
        out.push(...this.parameters);
        continue;
      }
      out.push(...(yield* this.#fields(word, io)));
    }
    return out;
  }

  /** Splits what is unquoted at blanks. */
  *#fields(word: Word, io: Io): Generator<number, string[], void> {
    const fields: string[] = [];
    let current: string | undefined;
    for (const part of word) {
      const text: string = yield* this.#part(part, io);
      if (part.quoted || part.kind === 'text') {
        current = (current ?? '') + text;
        continue;
      }
      const pieces = text.split(/[ \t\n]+/);
      for (const [i, piece] of pieces.entries()) {
        if (i > 0 && current !== undefined) {
          fields.push(current);
          current = undefined;
        }
        if (piece) current = (current ?? '') + piece;
      }
    }
    if (current !== undefined) fields.push(current);
    return fields;
  }

  *#text(word: Word, io: Io): Generator<number, string, void> {
    let out = '';
    for (const part of word) out += yield* this.#part(part, io);
    return out;
  }

  *#part(part: Word[number], io: Io): Generator<number, string, void> {
    switch (part.kind) {
      case 'text':
        return part.text;
      case 'arithmetic':
        return String(arithmetic(part.text, (name) => this.#variable(name)));
      case 'command': {
        let text = '';
        yield* this.#subshell(part.body, { ...io, out: (piece) => void (text += piece) });
        return text.replace(/\n+$/, '');
      }
      case 'variable':
        return yield* this.#expand(part, io);
    }
  }

  *#expand({ name, operator, operand }: Word[number] & { kind: 'variable' }, io: Io): Generator<number, string, void> {
    if (name.length > 1 && name.startsWith('#')) return String(this.#variable(name.slice(1)).length);
    const value = this.#variable(name);
    if (!operator) return value;
    const missing = operator.startsWith(':') ? value === '' : !this.variables.has(name);
    const other = operand ? yield* this.#text(operand, io) : '';
    switch (operator.at(-1)) {
      case '-':
        return missing ? other : value;
      case '=':
        if (missing) this.variables.set(name, other);
        return missing ? other : value;
      case '+':
        return missing ? '' : other;
      case '?':
        if (!missing) return value;
        io.err(`${this.name}: ${name}: ${other || 'parameter not set'}\n`);
        throw new ExitShell(2);
      case '#':
        return trim(value, other, operator.length === 2, 'start');
      default:
        return trim(value, other, operator.length === 2, 'end');
    }
  }

  #variable(name: string): string {
    switch (name) {
      case '?':
        return String(this.status);
      case '#':
        return String(this.parameters.length);
      case '@':
      case '*':
        return this.parameters.join(' ');
      case '$':
        return '1';
      case '0':
        return this.name;
      case 'RANDOM':
        return String(this.process.random.int(32_768));
      case 'SECONDS':
        return String(Math.floor(this.process.clock.now / 1000) % 1_000_000);
      case 'PWD':
        return this.cwd;
    }
    if (/^\d+$/.test(name)) return this.parameters[Number(name) - 1] ?? '';
    return this.variables.get(name) ?? '';
  }

  #files(pattern: string): string[] {
    const slash = pattern.lastIndexOf('/');
    const directory = resolvePath(pattern.slice(0, slash + 1) || '.', this.cwd);
    const matching = globPattern(pattern.slice(slash + 1));
    const names = this.process.files.isDirectory(directory) ? this.process.files.list(directory).filter((name) => matching.test(name) && (!name.startsWith('.') || pattern[slash + 1] === '.')) : [];
    return names.length > 0 ? names.map((name) => pattern.slice(0, slash + 1) + name) : [pattern];
  }

  *breathe(): Generator<number, void, void> {
    if (++this.#commands % breath === 0) yield 1_000;
  }
}

function* nothing(): Running$ {
  return 0;
}

function trim(value: string, pattern: string, longest: boolean, where: 'start' | 'end'): string {
  const matches: string[] = [];
  for (let i = 0; i <= value.length; i++) {
    const [piece, rest] = where === 'start' ? [value.slice(0, i), value.slice(i)] : [value.slice(i), value.slice(0, i)];
    if (globPattern(pattern).test(piece)) matches.push(rest);
  }
  matches.sort((a, b) => a.length - b.length);
  return (longest ? matches[0] : matches.at(-1)) ?? value;
}
