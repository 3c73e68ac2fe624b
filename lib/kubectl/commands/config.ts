import type { KubeConfig } from '../config.ts';
import { CommandError } from '../errors.ts';
import { bool, string } from '../flags.ts';
import { objectPrinter } from '../print.ts';
import type { Call, Command } from '../session.ts';
import { alignRows } from '../text/tabwriter.ts';
import { printYaml } from '../yaml/print.ts';

const file = '/root/.kube/config';
const empty: KubeConfig = { currentContext: '', clusters: [], users: [], contexts: [] };
const configOf = (call: Call): KubeConfig => call.config ?? { ...empty };

function configCommand(name: string, short: string, run: (call: Call) => void, extra: Partial<Command> = {}): Command {
  return { name, short, offline: true, run, ...extra };
}

const view = configCommand(
  'view',
  'Display merged kubeconfig settings or a specified kubeconfig file',
  (call) => {
    const config = configOf(call);
    const minify = call.flags.bool('minify');
    const contexts = config.contexts.filter(({ name }) => !minify || name === config.currentContext);
    const raw = call.flags.bool('raw');
    const data = {
      apiVersion: 'v1',
      clusters: orNull(config.clusters.filter(({ name }) => !minify || contexts.some(({ cluster }) => cluster === name)).map(({ name, server }) => ({ cluster: { 'certificate-authority-data': raw ? 'REDACTED' : 'DATA+OMITTED', server }, name }))),
      contexts: orNull(contexts.map(({ name, cluster, user, namespace }) => ({ context: { cluster, ...(namespace && { namespace }), user }, name }))),
      'current-context': config.currentContext,
      kind: 'Config',
      preferences: {},
      users: orNull(config.users.filter(({ name }) => !minify || contexts.some(({ user }) => user === name)).map(({ name, token }) => ({ name, user: token ? { token: raw ? token : 'REDACTED' } : { 'client-certificate-data': 'DATA+OMITTED', 'client-key-data': 'DATA+OMITTED' } }))),
    };
    call.out.write((objectPrinter(call) ?? printYaml)(data));
  },
  { flags: [bool('minify'), bool('raw'), bool('flatten'), string('output', 'o', 'yaml')] },
);

const orNull = <T>(items: T[]): T[] | null => (items.length > 0 ? items : null);

const currentContext = configCommand('current-context', 'Display the current-context', (call) => {
  const { currentContext: current } = configOf(call);
  if (!current) throw new CommandError('current-context is not set');
  call.out.line(current);
});

const getContexts = configCommand(
  'get-contexts',
  'Describe one or many contexts',
  (call) => {
    const { contexts, currentContext: current } = configOf(call);
    const wanted = call.args.length > 0 ? contexts.filter(({ name }) => call.args.includes(name)) : [...contexts].sort((a, b) => (a.name < b.name ? -1 : 1));
    const missing = call.args.find((name) => !contexts.some((context) => context.name === name));
    if (call.flags.string('output') === 'name') for (const { name } of wanted) call.out.line(name);
    else {
      const rows = wanted.map(({ name, cluster, user, namespace = '' }) => [name === current ? '*' : '', name, cluster, user, namespace]);
      call.out.write(alignRows(call.flags.bool('no-headers') ? rows : [['CURRENT', 'NAME', 'CLUSTER', 'AUTHINFO', 'NAMESPACE'], ...rows]));
    }
    if (missing) throw new CommandError(`context ${missing} not found`);
  },
  { flags: [string('output', 'o'), bool('no-headers')] },
);

const getClusters = configCommand('get-clusters', 'Display clusters defined in the kubeconfig', (call) => {
  call.out.line(['NAME', ...configOf(call).clusters.map(({ name }) => name)].join('\n'));
});

const getUsers = configCommand('get-users', 'Display users defined in the kubeconfig', (call) => {
  call.out.line(['NAME', ...configOf(call).users.map(({ name }) => name)].join('\n'));
});

const useContext = configCommand(
  'use-context',
  'Set the current-context in a kubeconfig file',
  (call) => {
    const [name] = call.args;
    if (call.args.length !== 1) throw new CommandError(`Unexpected args: [${call.args.join(' ')}]`);
    if (!configOf(call).contexts.some((context) => context.name === name)) throw new CommandError(`no context exists with the name: ${JSON.stringify(name)}`);
    call.config!.currentContext = name!;
    call.out.line(`Switched to context ${JSON.stringify(name)}.`);
  },
  { aliases: ['use'] },
);

const setContext = configCommand(
  'set-context',
  'Set a context entry in kubeconfig',
  (call) => {
    const config = configOf(call);
    const name = call.flags.bool('current') ? config.currentContext : call.args[0];
    if (!name) throw new CommandError(call.flags.bool('current') ? 'no current context is set' : 'you must specify a non-empty context name or --current');
    let context = config.contexts.find((one) => one.name === name);
    const existed = context !== undefined;
    if (!context) config.contexts.push((context = { name, cluster: '', user: '' }));
    for (const field of ['namespace', 'cluster', 'user'] as const) if (call.flags.has(field)) context[field] = call.flags.string(field);
    call.out.line(`Context ${JSON.stringify(name)} ${existed ? 'modified' : 'created'}.`);
  },
  { flags: [bool('current')] },
);

const setCredentials = configCommand(
  'set-credentials',
  'Set a user entry in kubeconfig',
  (call) => {
    const [name] = call.args;
    if (call.args.length !== 1 || !name) throw new CommandError(`Unexpected args: [${call.args.join(' ')}]`);
    const { users } = configOf(call);
    let user = users.find((one) => one.name === name);
    if (!user) users.push((user = { name }));
    if (call.flags.has('token')) user.token = call.flags.string('token');
    call.out.line(`User ${JSON.stringify(name)} set.`);
  },
);

const deleteContext = configCommand('delete-context', 'Delete the specified context from the kubeconfig', (call) => {
  const config = configOf(call);
  const name = call.args[0] ?? '';
  if (!config.contexts.some((context) => context.name === name)) throw new CommandError(`cannot delete context ${name}, not in ${file}`);
  if (config.currentContext === name) call.out.error('warning: this removed your active context, use "kubectl config use-context" to select a different one');
  config.contexts.splice(config.contexts.findIndex((context) => context.name === name), 1);
  call.out.line(`deleted context ${name} from ${file}`);
});

const renameContext = configCommand('rename-context', 'Rename a context from the kubeconfig file', (call) => {
  const config = configOf(call);
  const [from, to] = call.args as [string, string];
  const context = config.contexts.find(({ name }) => name === from);
  if (!context) throw new CommandError(`cannot rename the context ${JSON.stringify(from)}, it's not in ${file}`);
  if (config.contexts.some(({ name }) => name === to)) throw new CommandError(`cannot rename the context ${JSON.stringify(from)}, the context ${JSON.stringify(to)} already exists in ${file}`);
  context.name = to;
  if (config.currentContext === from) config.currentContext = to;
  call.out.line(`Context ${JSON.stringify(from)} renamed to ${JSON.stringify(to)}.`);
});

const unset = configCommand('unset', 'Unset an individual value in a kubeconfig file', (call) => {
  const [property = ''] = call.args;
  if (property === 'current-context' && call.config) call.config.currentContext = '';
  call.out.line(`Property ${JSON.stringify(property)} unset.`);
});

export const config: Command = {
  name: 'config',
  short: 'Modify kubeconfig files',
  usage: 'SUBCOMMAND',
  offline: true,
  commands: [currentContext, deleteContext, getClusters, getContexts, getUsers, renameContext, setContext, setCredentials, unset, useContext, view],
};
