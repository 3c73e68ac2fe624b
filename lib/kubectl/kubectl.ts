// kubectl as a learner types it: a tag that runs a line and prints what it says, and the quiet forms of it.
import { kubeConfig } from './config.ts';
import { execute, type Outcome, type Owner, type RunOptions } from './execute.ts';
import { hintFor, hintOnTrouble } from './hints-ko.ts';
import type { KubectlOptions } from './session.ts';
import { QuoteError, ShellError, splitWords, templateWords } from './text/shell.ts';

export type { RunOptions };

export interface KubectlResult {
  code: number;
  stdout: string;
  stderr: string;
  /** Both, in the order they were written, and the Korean help: what an interactive command prints. */
  printed: string;
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

/** What a command that has printed resolves from. Whoever forgets to await it sees why in the cell's output. */
function printed(): Promise<void> {
  const note = '# 도움말: kubectl 앞에 await를 붙인다. 그러면 이 줄이 나오지 않는다.';
  return Object.defineProperty(Promise.resolve(), Symbol.for('nodejs.util.inspect.custom'), { value: () => note });
}

/** kubectl for one workstation. Its kubeconfig is kept between commands. */
export function createKubectl(options: KubectlOptions): Kubectl {
  const owner = { options, config: options.config === undefined ? kubeConfig() : options.config };
  const kubectl = speaking(owner, {}) as Kubectl;
  kubectl.json = (strings, ...values) => {
    const { code, out } = execute(askingForJson(templateWords(strings, values)), owner);
    if (code !== 0) throw new Error(out.text('stderr').trim());
    return JSON.parse(out.text('stdout'));
  };
  kubectl.for = (endless) => speaking(owner, { endless });
  kubectl.stdin = (stdin) => speaking(owner, { stdin });
  kubectl.run = (argv, runOptions = {}) => {
    const words = typeof argv === 'string' ? splitWords(argv) : argv;
    const done = execute(words, { ...owner, ...runOptions });
    return { code: done.code, stdout: done.out.text('stdout'), stderr: done.out.text('stderr'), printed: asPrinted(owner, words, done) };
  };
  return kubectl;
}

function speaking(owner: Owner, runOptions: RunOptions): Speaking {
  const { print = () => {} } = owner.options;
  const aloud = (strings: TemplateStringsArray, ...values: unknown[]) => {
    const text = spoken(owner, runOptions, () => templateWords(strings, values));
    if (text) print(text);
    return printed();
  };
  const text: Tag<string> = (strings, ...values) => {
    const { code, out } = execute(templateWords(strings, values), { ...owner, ...runOptions });
    return code === 0 ? out.text('stdout') : out.text();
  };
  return Object.assign(aloud, { text });
}

/** Everything that a line says; a line that no shell could read is refused as bash does. */
function spoken(owner: Owner, runOptions: RunOptions, words: () => string[]): string {
  let argv: string[];
  try {
    argv = words();
  } catch (error) {
    if (error instanceof ShellError) return error.message;
    if (error instanceof QuoteError) return `bash: ${error.message}`;
    throw error;
  }
  return asPrinted(owner, argv, execute(argv, { ...owner, ...runOptions }));
}

/** Both streams in the order they were written, and a word of help in Korean where something went wrong. */
function asPrinted({ options }: Owner, argv: readonly string[], { out, error }: Outcome): string {
  const hint = error ? hintFor({ argv, stderr: out.text('stderr'), files: options.files }) : hintOnTrouble(out.text('stdout'));
  return out.text().replace(/\n$/, '') + (hint ? `\n# 도움말: ${hint}` : '');
}

function askingForJson(argv: string[]): string[] {
  if (argv.some((word) => /^(-o|--output)(=|json|$)/.test(word))) return argv;
  const dash = argv.indexOf('--');
  return argv.toSpliced(dash < 0 ? argv.length : dash, 0, '-o', 'json');
}
