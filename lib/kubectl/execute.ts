// One command line, from its words to what it printed: the flags are read, the server is found, the command runs.
import { resourcesOf } from '../api/index.ts';
import { ConnectionError } from '../client/index.ts';
import { duration } from '../sim/index.ts';
import { commands } from './commands/index.ts';
import { type KubeConfig, target } from './config.ts';
import { ConnectionRefused, ConnectionTimeout, errorText, exitCode, PlainError, UsageError } from './errors.ts';
import { findCommand, globalFlags } from './find-command.ts';
import { bool, type Flag, type Parsed, parseFlags } from './flags.ts';
import { commandHelp, rootHelp } from './help.ts';
import { recording } from './record.ts';
import { type Call, type Command, type KubectlOptions, Output } from './session.ts';

export interface RunOptions {
  /** What `-f -` reads. */
  stdin?: string;
  /** How long a command that never ends goes on: `'5m'` or milliseconds. */
  endless?: string | number;
}

export interface Outcome {
  code: number;
  out: Output;
  /** Why it failed. */
  error?: Error;
}

/** Whose kubectl it is. */
export interface Owner {
  options: KubectlOptions;
  config: KubeConfig | null;
}

export function execute(argv: readonly string[], { options, config, ...more }: Owner & RunOptions): Outcome {
  const out = new Output();
  const server = { address: '' };
  try {
    return { code: runLine(argv, { options, config, out, server, ...more }), out };
  } catch (thrown) {
    const error = thrown instanceof ConnectionError ? new ConnectionRefused(server.address) : (thrown as Error);
    if (error.name === 'LoopBudgetError' || error instanceof TypeError || error instanceof ReferenceError) throw error;
    const text = errorText(error);
    // A command may end with a code alone (`auth can-i`).
    if (text) out.error(text);
    return { code: exitCode(error), out, error };
  } finally {
    if (options.takes) options.runUntil(options.client.clock.now + options.takes);
  }
}

interface Desk extends Owner, RunOptions {
  out: Output;
  /** The server that the line leads to, once that is known. */
  server: { address: string };
}

function runLine(argv: readonly string[], desk: Desk): number {
  const { out } = desk;
  const { command, path, rest } = findCommand(argv);
  if (!command) {
    out.write(rootHelp(commands));
    return 0;
  }
  const parsed = parseFlags(rest, flagsOf(command, path), path);
  if (parsed.flags.bool('help')) {
    out.write(commandHelp(path, command));
    return 0;
  }
  checkCommon(parsed, out);
  if (!command.run) return withoutSubcommand(command, { path, parsed, out });
  const call = callOf(command, { path, parsed, desk });
  call.client.onWarning = warningsTo(out);
  try {
    command.run(call);
  } finally {
    call.client.onWarning = undefined;
  }
  return 0;
}

/** A command's own flags hide those of all commands that have the same name or letter. */
function flagsOf({ flags = [] }: Command, path: string): Flag[] {
  const recorded = recording.has(path.slice('kubectl '.length).replace(/^set \w+$/, 'set')) ? [bool('record')] : [];
  return [...flags, ...recorded, ...globalFlags.filter(({ name, short }) => !flags.some((flag) => flag.name === name || (short && flag.short === short)))];
}

function checkCommon({ flags }: Parsed, out: Output): void {
  if (flags.has('record')) out.error('Flag --record has been deprecated, --record will be removed in the future');
  if (!/^\d+$|^([\d.]+(ns|us|µs|ms|s|m|h))+$/.test(flags.string('request-timeout'))) throw new PlainError('error: Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)');
}

/** `kubectl rollout`, which is nothing by itself. */
function withoutSubcommand(command: Command, { path, parsed, out }: { path: string; parsed: Parsed; out: Output }): number {
  const help = commandHelp(path, command);
  if (command.bare === 'help') {
    out.write(help);
    return 0;
  }
  if (parsed.args.length > 0) throw new UsageError(`unknown command ${JSON.stringify(parsed.args.join(' '))}`, path);
  if (command.bare === 'stdout') out.write(help);
  else out.error(help.replace(/\n$/, ''));
  return 1;
}

/** How long kubectl waits for a connection. */
const dialTimeout = 30_000;

function connect(server: string, options: KubectlOptions | undefined): void {
  const answers = options ? (options.reachable?.(server) ?? true) : false;
  if (answers === true) return;
  if (!answers || !options) throw new ConnectionRefused(server);
  options.runUntil(options.client.clock.now + dialTimeout);
  throw new ConnectionTimeout(server);
}

function callOf(command: Command, { path, parsed, desk }: { path: string; parsed: Parsed; desk: Desk }): Call {
  const { options, config, out, server, stdin = '', endless = 30_000 } = desk;
  const { flags } = parsed;
  // A command's own --user (create rolebinding) is none of the kubeconfig's.
  const leads = target(config, flags, { ownUser: command.flags?.some(({ name }) => name === 'user') });
  server.address = leads.server;
  if (!command.offline) connect(leads.server, config ? options : undefined);
  const as = flags.string('as') ? { name: flags.string('as'), groups: flags.list('as-group') } : undefined;
  const client = (command.offline ? undefined : options.connect?.({ server: leads.server, user: leads.user, token: leads.token, ...(as && { as }) })) ?? options.client;
  return {
    ...parsed,
    command: path,
    stdin,
    out,
    options,
    client,
    version: client.version,
    resources: resourcesOf(client.version),
    config,
    namespace: flags.string('namespace') || leads.namespace,
    namespaceGiven: flags.has('namespace'),
    endless: duration(endless),
    now: () => client.clock.now,
  };
}

/** What the server warns of, each text once. */
function warningsTo(out: Output): (text: string) => void {
  const said = new Set<string>();
  return (text) => {
    if (!said.has(text)) out.warn(text);
    said.add(text);
  };
}
