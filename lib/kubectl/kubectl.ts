// kubectl as a learner types it: finds the command, reads its flags, runs it, prints what it says.
import { resourcesOf } from '../api/index.ts';
import { ConnectionError } from '../client/index.ts';
import { duration } from '../sim/index.ts';
import { commands } from './commands/index.ts';
import { kubeConfig, target } from './config.ts';
import { ConnectionRefused, errorText, exitCode, PlainError, UsageError } from './errors.ts';
import { bool, type Flag, list, parseFlags, string } from './flags.ts';
import { commandHelp, rootHelp } from './help.ts';
import { hintFor } from './hints-ko.ts';
import { recording } from './record.ts';
import { type Call, type Command, type KubectlOptions, Output } from './session.ts';
import { QuoteError, ShellError, splitWords, templateWords } from './text/shell.ts';

export interface KubectlResult {
  code: number;
  stdout: string;
  stderr: string;
  /** Both, in the order they were written, and the Korean help: what an interactive command prints. */
  printed: string;
}

export interface RunOptions {
  /** What `-f -` reads. */
  stdin?: string;
  /** How long a command that never ends goes on: `'5m'` or milliseconds. */
  endless?: string | number;
}

type Tag<T> = (strings: TemplateStringsArray, ...values: unknown[]) => T;

/** Prints what a command says; `.text` returns it quietly. */
interface Speaking extends Tag<Promise<void>> {
  /** What the command prints on stdout (and, when it fails, on stderr), quietly. */
  text: Tag<string>;
}

/** ``await kubectl`get pods` `` prints as the real command does; a failing command prints its error and goes on. */
export interface Kubectl extends Speaking {
  /** What the command says with `-o json`, as data. Throws when the command fails. */
  json: Tag<any>;
  /** The same, for a command that watches: it goes on for this long. */
  for(time: string | number): Speaking;
  /** The same, with this text on standard input: ``kubectl.stdin(yaml)`apply -f -` ``. */
  stdin(text: string): Speaking;
  run(argv: readonly string[] | string, options?: RunOptions): KubectlResult;
}

const globalFlags: Flag[] = [
  string('namespace', 'n'),
  string('context'),
  string('cluster'),
  string('user'),
  string('server', 's'),
  string('kubeconfig'),
  string('as'),
  list('as-group'),
  string('as-uid'),
  string('token'),
  string('request-timeout', undefined, '0'),
  { name: 'v', short: 'v', type: 'int', value: '0' },
  string('cache-dir'),
  string('certificate-authority'),
  string('client-certificate'),
  string('client-key'),
  bool('insecure-skip-tls-verify'),
  bool('match-server-version'),
  bool('warnings-as-errors'),
  string('tls-server-name'),
  bool('disable-compression'),
  bool('help', 'h'),
];

/** Flags before the command's name that take a value of their own. */
const takesValue = new Set(globalFlags.filter(({ type }) => type !== 'bool').flatMap(({ name, short }) => [`--${name}`, ...(short ? [`-${short}`] : [])]));

interface Found {
  command: Command | undefined;
  /** `kubectl rollout status` */
  path: string;
  rest: string[];
}

/** Finds the command by the words that are not flags; what remains are its own arguments. */
function find(argv: readonly string[]): Found {
  const rest = [...argv];
  let path = 'kubectl';
  let command: Command | undefined;
  for (let choices: readonly Command[] | undefined = commands; choices; choices = command?.commands) {
    const at = firstWord(rest);
    const word = at < 0 ? undefined : rest[at]!;
    const next: Command | undefined = choices.find(({ name, aliases }) => name === word || aliases?.includes(word!));
    if (!next) {
      if (!command && word !== undefined) throw new PlainError(unknownCommand(word));
      break;
    }
    rest.splice(at, 1);
    command = next;
    path += ` ${next.name}`;
  }
  return { command, path, rest };
}

/** `kubectl help get` asks for the help of `get`. */
function asked(argv: readonly string[]): readonly string[] {
  const words = argv[0] === 'kubectl' ? argv.slice(1) : argv;
  return words[0] === 'help' ? [...words.slice(1), '--help'] : words;
}

function firstWord(words: readonly string[]): number {
  for (let i = 0; i < words.length; i++) {
    if (words[i] === '--') return -1;
    if (!words[i]!.startsWith('-')) return i;
    if (takesValue.has(words[i]!)) i++;
  }
  return -1;
}

/** cobra proposes commands two edits away, or that begin so. */
function unknownCommand(word: string): string {
  const near = commands.filter(({ name }) => distance(word, name) <= 2 || name.startsWith(word.toLowerCase())).map(({ name }) => name);
  const proposal = near.length > 0 ? `\n\nDid you mean this?\n${near.map((name) => `\t${name}\n`).join('')}` : '';
  return `error: unknown command ${JSON.stringify(word)} for "kubectl"${proposal}`;
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length]!;
}

/** What a command that has printed resolves from. Whoever forgets to await it sees why in the cell's output. */
function printed(): Promise<void> {
  const note = '# 도움말: kubectl 앞에 await를 붙인다. 그러면 이 줄이 나오지 않는다.';
  return Object.defineProperty(Promise.resolve(), Symbol.for('nodejs.util.inspect.custom'), { value: () => note });
}

/** kubectl for one workstation. Its kubeconfig is kept between commands. */
export function createKubectl(options: KubectlOptions): Kubectl {
  const config = options.config === undefined ? kubeConfig() : options.config;
  const print = options.print ?? (() => {});

  function execute(argv: readonly string[], { stdin = '', endless = 30_000 }: RunOptions): { code: number; out: Output; error?: Error; server: string } {
    const out = new Output();
    let server = '';
    try {
      const { command, path, rest } = find(asked(argv));
      if (!command) {
        out.write(rootHelp(commands));
        return { code: 0, out, server };
      }
      const recorded = recording.has(path.slice('kubectl '.length).replace(/^set \w+$/, 'set')) ? [bool('record')] : [];
      const parsed = parseFlags(rest, [...(command.flags ?? []), ...recorded, ...globalFlags.filter(({ name, short }) => !command.flags?.some((flag) => flag.name === name || (short && flag.short === short)))], path);
      if (parsed.flags.bool('help')) {
        out.write(commandHelp(path, command));
        return { code: 0, out, server };
      }
      if (parsed.flags.has('record')) out.error('Flag --record has been deprecated, --record will be removed in the future');
      // A command's own --user (create rolebinding) is none of the kubeconfig's.
      const leads = target(config, parsed.flags, { ownUser: command.flags?.some(({ name }) => name === 'user') });
      server = leads.server;
      if (!command.run) {
        if (parsed.args.length > 0) throw new UsageError(`unknown command ${JSON.stringify(parsed.args.join(' '))}`, path);
        if (command.bare === 'stdout') out.write(commandHelp(path, command));
        else out.error(commandHelp(path, command).replace(/\n$/, ''));
        return { code: 1, out, server };
      }
      if (!command.offline && (!config || options.reachable?.(server) === false)) throw new ConnectionRefused(server);
      const as = parsed.flags.string('as') ? { name: parsed.flags.string('as'), groups: parsed.flags.list('as-group') } : undefined;
      const client = options.connect?.({ server, user: leads.user, token: leads.token, ...(as && { as }) }) ?? options.client;
      const call: Call = {
        ...parsed,
        command: path,
        stdin,
        out,
        options,
        client,
        version: client.version,
        resources: resourcesOf(client.version),
        config,
        namespace: parsed.flags.string('namespace') || leads.namespace,
        namespaceGiven: parsed.flags.has('namespace'),
        endless: duration(endless),
        now: () => client.clock.now,
      };
      client.onWarning = warningsTo(out);
      try {
        command.run(call);
      } finally {
        client.onWarning = undefined;
      }
      return { code: 0, out, server };
    } catch (thrown) {
      const error = connectionProblem(thrown as Error, server);
      if (error.name === 'LoopBudgetError' || error instanceof TypeError || error instanceof ReferenceError) throw error;
      const text = errorText(error);
      // A command may end with a code alone (`auth can-i`).
      if (text) out.error(text);
      return { code: exitCode(error), out, error, server };
    } finally {
      if (options.takes) options.runUntil(options.client.clock.now + options.takes);
    }
  }

  function asPrinted(argv: readonly string[], { out, error }: { out: Output; error?: Error }): string {
    const hint = error && hintFor({ argv, stderr: out.text('stderr'), files: options.files });
    return out.text().replace(/\n$/, '') + (hint ? `\n# 도움말: ${hint}` : '');
  }

  /** Runs a command and prints everything it said, then a word of help in Korean when it failed. */
  function interactive(words: () => string[], runOptions: RunOptions): Promise<void> {
    let argv: string[];
    try {
      argv = words();
    } catch (error) {
      if (error instanceof ShellError) print(error.message);
      else if (error instanceof QuoteError) print(`bash: ${error.message}`);
      else throw error;
      return printed();
    }
    const text = asPrinted(argv, execute(argv, runOptions));
    if (text) print(text);
    return printed();
  }

  function speaking(runOptions: RunOptions): Speaking {
    const aloud = (strings: TemplateStringsArray, ...values: unknown[]) => interactive(() => templateWords(strings, values), runOptions);
    const text: Tag<string> = (strings, ...values) => {
      const { code, out } = execute(templateWords(strings, values), runOptions);
      return code === 0 ? out.text('stdout') : out.text();
    };
    return Object.assign(aloud, { text });
  }

  const kubectl = speaking({}) as Kubectl;
  kubectl.json = (strings, ...values) => {
    const argv = templateWords(strings, values);
    const asked = argv.some((word) => /^(-o|--output)(=|json|$)/.test(word));
    const dash = argv.indexOf('--');
    if (!asked) argv.splice(dash < 0 ? argv.length : dash, 0, '-o', 'json');
    const { code, out } = execute(argv, {});
    if (code !== 0) throw new Error(out.text('stderr').trim());
    return JSON.parse(out.text('stdout'));
  };
  kubectl.for = (endless) => speaking({ endless });
  kubectl.stdin = (stdin) => speaking({ stdin });
  kubectl.run = (argv, runOptions = {}) => {
    const words = typeof argv === 'string' ? splitWords(argv) : argv;
    const done = execute(words, runOptions);
    return { code: done.code, stdout: done.out.text('stdout'), stderr: done.out.text('stderr'), printed: asPrinted(words, done) };
  };
  return kubectl;
}

/** What the server warns of, each text once. */
function warningsTo(out: Output): (text: string) => void {
  const said = new Set<string>();
  return (text) => {
    if (!said.has(text)) out.warn(text);
    said.add(text);
  };
}

function connectionProblem(error: Error, server: string): Error {
  return error instanceof ConnectionError ? new ConnectionRefused(server) : error;
}
