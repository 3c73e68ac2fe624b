// Runs a parsed script. A generator: where the script waits it yields milliseconds, so that the same code runs a container's main process
// on the cluster's clock and a short `kubectl exec` at once.
import type { Process } from '../program.ts';
import { globPattern } from './commands/pattern.ts';
import type { Command } from './commands/command.ts';
import { expandAll, expandText } from './expansion.ts';
import { Feed } from './feed.ts';
import { type Going, goingOn, loopKind } from './going.ts';
import { invoke } from './invoke.ts';
import { Jobs } from './jobs.ts';
import { ExitShell, LoopControl, ReturnFunction } from './leaving.ts';
import { redirected, turn, withOwnStreams } from './redirects.ts';
import type { Repetition } from '../load/repetition.ts';
import { isSteady, steadily } from './steady.ts';
import { parseScript } from './syntax.ts';
import { type Node, ShellSyntaxError, type Word } from './tree.ts';

/** How a shell that is process 1 takes SIGTERM: a trap runs when the command in the foreground is over, or at once during `wait`. */
export interface Signals {
  exitCode?: number;
  waiting: boolean;
}

/** Yields milliseconds to wait (Infinity: until it is killed); returns an exit status. */
export type Running$ = Generator<number, number, void>;

export interface Io {
  stdin: string;
  /** More of it, from a command that has not ended yet. */
  feed?: Feed | undefined;
  out(text: string): void;
  err(text: string): void;
  /** Streams with numbers above 2, which a script has opened for itself. */
  others?: Readonly<Record<string, (text: string) => void>>;
  /** What is written of a line goes out although it does not end yet. */
  flush?(): void;
}

export interface ShellOptions {
  signals?: Signals;
  exec?: (argv: readonly string[]) => boolean;
  extra?: Readonly<Record<string, Command>>;
  going?: Going;
  /** Its waits are those of the cluster's clock. */
  onClock?: boolean;
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
  /** `set -u`: a variable that nobody has set ends the script. */
  nounset = false;
  /** Starts a program that is no shell command (nginx from a script). */
  readonly exec: (argv: readonly string[]) => boolean;
  /** Commands that only this machine has. */
  readonly extra: Readonly<Record<string, Command>>;
  /** Shared with the shells below. */
  readonly going: Going;
  #commands = 0;
  readonly onClock: boolean;
  /** The loop that it is in, when every round of that is the same. */
  repetition: Repetition | undefined;
  /** Commands in the background. */
  readonly jobs: Jobs;

  constructor(process: Process, { signals, exec = () => false, extra = {}, going = { endless: 0, counting: 0 }, onClock = false }: ShellOptions = {}) {
    this.going = going;
    this.onClock = onClock;
    this.extra = { ...process.tools, ...extra };
    this.process = process;
    this.jobs = new Jobs(process);
    this.signals = signals;
    this.exec = exec;
    this.variables = new Map(Object.entries(process.env));
    this.cwd = process.workingDirectory;
  }

  /** Another shell of the same process, with the same variables, at the same place. */
  copy(signals?: Signals): Shell {
    const { process, exec, extra, going, onClock } = this;
    const copy = new Shell(process, { exec, extra, going, onClock, ...(signals && { signals }) });
    for (const [name, value] of this.variables) copy.variables.set(name, value);
    copy.cwd = this.cwd;
    return copy;
  }

  /** What `trap … EXIT` has left for the end. */
  atEnd = '';
  /** Of the function that runs: what its local variables were outside. */
  #outside: Map<string, string | undefined> | undefined;

  /** A variable gets its value back when the function ends. */
  keep(name: string): void {
    if (this.#outside && !this.#outside.has(name)) this.#outside.set(name, this.variables.get(name));
  }

  /** Runs the body of a function: its parameters and its local variables are gone afterwards. */
  *call(body: Node, args: readonly string[], io: Io): Running$ {
    const [parameters, outside] = [this.parameters, this.#outside];
    this.parameters = args;
    const kept = (this.#outside = new Map<string, string | undefined>());
    try {
      return yield* this.run(body, io);
    } catch (error) {
      if (error instanceof ReturnFunction) return (this.status = error.status);
      throw error;
    } finally {
      for (const [name, value] of kept) value === undefined ? this.variables.delete(name) : this.variables.set(name, value);
      this.parameters = parameters;
      this.#outside = outside;
    }
  }

  *script(text: string, io: Io): Running$ {
    const status = yield* this.#toItsEnd(text, io);
    const last = this.atEnd;
    this.atEnd = '';
    if (last) yield* this.#toItsEnd(last, io);
    return status;
  }

  *#toItsEnd(text: string, io: Io): Running$ {
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
        return yield* goingOn(this.going, loopKind(node.condition), this.#loop(node, io));
      case 'for':
        return yield* this.#for(node.name, node.words, node.body, io);
      case 'case':
        return yield* this.#case(node, io);
      case 'group':
        return yield* redirected(this, node.redirects, io, (inner) => (node.subshell ? this.subshell(node.body, inner) : this.run(node.body, inner)));
      case 'function':
        this.functions.set(node.name, node.body);
        return (this.status = 0);
    }
  }

  *#list(items: (Node & { kind: 'list' })['items'], io: Io): Running$ {
    let skip: '&&' | '||' | undefined;
    for (const { node, operator } of items) {
      const skipped = (skip === '&&' && this.status !== 0) || (skip === '||' && this.status === 0);
      if (!skipped && operator === '&') this.jobs.start(this.subshell(node, io));
      else if (!skipped) {
        yield* this.run(node, io);
        if (this.errexit && this.status !== 0 && operator === ';' && !skip) throw new ExitShell(this.status);
      }
      skip = operator === '&&' || operator === '||' ? operator : undefined;
    }
    return this.status;
  }

  *#condition(node: Node, io: Io): Running$ {
    const before = this.errexit;
    this.errexit = false;
    yield* this.run(node, io);
    this.errexit = before;
    return this.status;
  }

  /**
   * Differs from Kubernetes: a command runs until it waits before the next one starts, and then only as far as that one reads;
   * their waits do not overlap.
   */
  *#pipeline(nodes: Node[], negated: boolean, io: Io): Running$ {
    let input: Pick<Io, 'stdin' | 'feed'> = { stdin: io.stdin, feed: io.feed };
    for (const node of nodes.slice(0, -1)) input = this.#writer(node, { ...io, ...input }, io.feed);
    // What a command of a pipe sets is gone with it.
    yield* this.#reader(nodes.at(-1)!, { ...io, ...input }, io.feed);
    if (negated) this.status = this.status === 0 ? 1 : 0;
    return this.status;
  }

  /** What a command writes before it waits for the first time, and where the rest comes from. */
  #writer(node: Node, io: Io, outer: Feed | undefined): Pick<Io, 'stdin' | 'feed'> {
    let text = '';
    let feed: Feed | undefined;
    const steps = this.#reader(node, { ...io, out: (piece) => void (feed ? feed.write(piece) : (text += piece)) }, outer);
    const first = steps.next();
    if (first.done) return { stdin: text, feed: undefined };
    feed = new Feed(steps, text, first.value);
    return { stdin: '', feed };
  }

  /** Runs a command, and then what still writes for it. */
  *#reader(node: Node, io: Io, outer: Feed | undefined): Running$ {
    const feed = io.feed === outer ? undefined : io.feed;
    try {
      const status = yield* this.subshell(node, io);
      if (feed) yield* feed.finish();
      return (this.status = status);
    } finally {
      feed?.close();
    }
  }

  *#loop(node: Node & { kind: 'while' }, io: Io): Running$ {
    let status = 0;
    const { condition, body, until } = node;
    const round = function* (this: Shell, inner: Io): Generator<number, boolean, void> {
      if (((yield* this.#condition(condition, inner)) === 0) === until) return false;
      try {
        status = yield* this.run(body, inner);
      } catch (error) {
        if (this.#endsLoop(error)) return false;
      }
      yield* this.breathe();
      return true;
    }.bind(this);
    const repetition = this.onClock && isSteady(this, node) ? this.process.repeat?.() : undefined;
    if (repetition) yield* steadily(this, repetition, io, round);
    else while (yield* round(io));
    return (this.status = status);
  }

  /** True for `break`, false for `continue`; anything else goes on up. */
  #endsLoop(error: unknown): boolean {
    if (!(error instanceof LoopControl)) throw error;
    if (--error.levels > 0) throw error;
    return error.what === 'break';
  }

  *#for(name: string, words: Word[] | undefined, body: Node, io: Io): Running$ {
    const values = words ? yield* expandAll(this, words, io) : [...this.parameters];
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
    const value = yield* expandText(this, word, io);
    for (const { patterns, body } of clauses) {
      for (const pattern of patterns) if (globPattern(yield* expandText(this, pattern, io)).test(value)) return yield* this.run(body, io);
    }
    return (this.status = 0);
  }

  /** Runs in a copy: what changes there stays there. */
  *subshell(body: Node, io: Io): Running$ {
    return yield* withOwnStreams(io, (own) => this.#inner(body, own));
  }

  *#inner(body: Node, io: Io): Running$ {
    const inner = this.copy();
    for (const [name, node] of this.functions) inner.functions.set(name, node);
    Object.assign(inner, { parameters: this.parameters, name: this.name, status: this.status, errexit: this.errexit, nounset: this.nounset });
    try {
      return (this.status = yield* inner.run(body, io));
    } catch (error) {
      if (error instanceof ExitShell) return (this.status = error.status);
      throw error;
    }
  }

  *#simple(node: Node & { kind: 'simple' }, io: Io): Running$ {
    const argv = yield* expandAll(this, node.words, io);
    const saved: [string, string | undefined][] = [];
    // Of assignments alone, a command that gave a value gives the status.
    if (argv.length === 0) this.status = 0;
    for (const [name, word] of node.assignments) {
      const value = yield* expandText(this, word, io);
      if (argv.length > 0) saved.push([name, this.variables.get(name)]);
      this.variables.set(name, value);
    }
    if (argv.length > 0 || node.redirects.length > 0) {
      yield* redirected(this, node.redirects, io, (inner) => (argv.length === 1 && argv[0] === 'exec' ? turn(io, inner) : argv.length > 0 ? this.command(argv, inner) : nothing()));
    }
    for (const [name, value] of saved) value === undefined ? this.variables.delete(name) : this.variables.set(name, value);
    return this.status;
  }

  /** Runs one command, its words expanded. */
  command(argv: readonly string[], io: Io): Running$ {
    return invoke(this, argv, io);
  }

  *breathe(): Generator<number, void, void> {
    if (++this.#commands % breath === 0) yield 1_000;
  }
}

function* nothing(): Running$ {
  return 0;
}
