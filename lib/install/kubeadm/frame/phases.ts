// A command that runs phases one after another, each of which is a command of its own too (cmd/phases/workflow).
import { type KubeadmCall, type KubeadmCommand, noArgs, showHelp, type Steps } from './command.ts';
import { fail, wrapped } from './errors.ts';
import { type KubeadmFlag, list } from './flags.ts';

export interface Phase<Data> {
  name: string;
  /** `[api-server-endpoint]` */
  words?: string;
  short: string;
  long?: string;
  example?: string;
  aliases?: readonly string[];
  /** Part of the whole, but not a command. */
  hidden?: boolean;
  /** Stands for all its neighbours. */
  all?: boolean;
  /** Flags of the whole command, by name. */
  inherits?: readonly string[];
  flags?: readonly KubeadmFlag[];
  phases?: readonly Phase<Data>[];
  args?: KubeadmCommand['args'];
  run?(data: Data): Steps | void;
}

export interface Workflow<Data> {
  phases: readonly Phase<Data>[];
  /** Flags that only some of the phases have. */
  phaseFlags?: readonly KubeadmFlag[];
  data(call: KubeadmCall): Steps<Data>;
  /** What the whole command does around its phases. */
  around?: { before?(data: Data): void; after?(data: Data): Steps | void };
}

interface Visited<Data> {
  phase: Phase<Data>;
  /** `certs/ca` */
  path: string;
}

function* visit<Data>(phases: readonly Phase<Data>[], above = ''): Generator<Visited<Data>> {
  for (const phase of phases) {
    if (phase.all) continue;
    const path = `${above}${phase.name}`;
    yield { phase, path };
    if (phase.phases) yield* visit(phase.phases, `${path}/`);
  }
}

const within = (path: string, of: string) => path === of || path.startsWith(`${of}/`);

/** Which phases are meant: those chosen (all by default) without those skipped. */
function chosen<Data>(phases: readonly Phase<Data>[], { only, skip }: { only: string | undefined; skip: readonly string[] }): Visited<Data>[] {
  const all = [...visit(phases)];
  for (const name of skip) if (!all.some(({ path }) => path === name)) fail(`invalid phase name: ${name}`);
  return all.filter(({ path }) => (only === undefined || within(path, only)) && !skip.some((name) => within(path, name)));
}

function* runPhases<Data>(wanted: readonly Visited<Data>[], data: Data): Steps {
  for (const { phase, path } of wanted) {
    try {
      yield* phase.run?.(data) ?? [];
    } catch (error) {
      throw wrapped(error, `error execution phase ${path}`);
    }
  }
}

/** The command with its flag `--skip-phases` and its command `phase`. */
export function workflow<Data>(command: KubeadmCommand, { phases, phaseFlags = [], data, around = {} }: Workflow<Data>): KubeadmCommand {
  const use = command.words ? `${command.name} ${command.words}` : command.name;
  return {
    ...command,
    long: `${command.long || command.short}\n\n${outline(use, phases)}\n`,
    flags: [...(command.flags ?? []), list('skip-phases', 'List of phases to be skipped')],
    commands: [{ name: 'phase', short: `Use this command to invoke single phase of the ${command.name} workflow`, commands: phaseCommands(phases, '') }],
    *run(call) {
      const made = yield* data(call);
      around.before?.(made);
      yield* runPhases(chosen(phases, { only: undefined, skip: call.flags.list('skip-phases') }), made);
      yield* around.after?.(made) ?? [];
    },
  };

  function phaseCommands(below: readonly Phase<Data>[], above: string): KubeadmCommand[] {
    return below.filter(({ hidden }) => !hidden).map((phase) => {
      const { name, words, short, long, example, aliases, inherits = [], flags = [], all } = phase;
      const path = all ? above.slice(0, -1) : `${above}${name}`;
      const known = [...(command.flags ?? []), ...phaseFlags].filter((flag) => inherits.includes(flag.name));
      const rest = { name, short, flags: [...known, ...flags], ...(words && { words }), ...(long && { long }), ...(example && { example }), ...(aliases && { aliases }) };
      if (phase.phases) return { ...rest, args: noArgs, commands: phaseCommands(phase.phases, `${path}/`), run: showHelp };
      const args = phase.args ?? command.args;
      return {
        ...rest,
        ...(args && { args }),
        *run(call: KubeadmCall) {
          const wanted = chosen(phases, { only: path, skip: [] });
          yield* runPhases(wanted, yield* data(call));
        },
      };
    });
  }
}

/** The list of phases in the help text of the whole command. */
function outline<Data>(use: string, phases: readonly Phase<Data>[]): string {
  const shown = [...visit(phases)].filter(({ phase }) => !phase.hidden).map(({ phase, path }) => ({ phase, level: path.includes('/') ? 1 : 0 }));
  const name = ({ phase, level }: (typeof shown)[number]) => `${level ? '/' : ''}${phase.name}`;
  const width = Math.max(...shown.map((one) => name(one).length)) + 2;
  const rows = shown.map((one) => `${'  '.repeat(one.level)}${name(one).padEnd(width)}${one.phase.short}\n`);
  return `The ${JSON.stringify(use)} command executes the following phases:\n\`\`\`\n${rows.join('')}\`\`\``;
}
