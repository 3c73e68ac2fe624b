import type { KubeConfig } from '../config.ts';
import { CommandError, UsageError } from '../errors.ts';
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

const removes = (what: 'cluster' | 'user') =>
  configCommand(`delete-${what}`, `Delete the specified ${what} from the kubeconfig`, (call) => {
    const list: { name: string }[] = configOf(call)[`${what}s`];
    const at = list.findIndex(({ name }) => name === call.args[0]);
    if (at < 0) throw new CommandError(`cannot delete ${what} ${call.args[0] ?? ''}, not in ${file}`);
    list.splice(at, 1);
    call.out.line(`deleted ${what} ${call.args[0]} from ${file}`);
  });

const setCluster = configCommand(
  'set-cluster',
  'Set a cluster entry in kubeconfig',
  (call) => {
    const [name] = call.args;
    if (call.args.length !== 1 || !name) throw new CommandError(`Unexpected args: [${call.args.join(' ')}]`);
    const { clusters } = configOf(call);
    let cluster = clusters.find((one) => one.name === name);
    if (!cluster) clusters.push((cluster = { name, server: '' }));
    if (call.flags.has('server')) cluster.server = call.flags.string('server');
    call.out.line(`Cluster ${JSON.stringify(name)} set.`);
  },
);

/** Differs from Kubernetes: of contexts and clusters only the fields that are kept here. */
const setValue = configCommand('set', 'Set an individual value in a kubeconfig file', (call) => {
  const [property = '', value = ''] = call.args;
  if (call.args.length !== 2) throw new UsageError(`unexpected args: ${JSON.stringify(call.args)}`, call.command);
  const config = configOf(call);
  const [, list, name, field] = /^(contexts|clusters)\.(.+)\.(namespace|cluster|user|server)$/.exec(property) ?? [];
  if (property === 'current-context') config.currentContext = value;
  else if (list) {
    const entries = config[list as 'contexts' | 'clusters'] as Record<string, string>[];
    let entry = entries.find((one) => one.name === name);
    if (!entry) entries.push((entry = { name: name!, cluster: '', user: '' }));
    entry[field!] = value;
  } else throw new CommandError(`unable to parse path ${JSON.stringify(property)}`);
  call.out.line(`Property ${JSON.stringify(property)} set.`);
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
  long: `Modify kubeconfig files using subcommands like "kubectl config set current-context my-context".

 The loading order follows these rules:

  1.  If the --kubeconfig flag is set, then only that file is loaded. The flag may only be set once and no merging takes place.
  2.  If $KUBECONFIG environment variable is set, then it is used as a list of paths (normal path delimiting rules for your system). These paths are merged. When a value is modified, it is modified in the file that defines the stanza. When a value is created, it is created in the first file that exists. If no files in the chain exist, then it creates the last file in the list.
  3.  Otherwise, \${HOME}/.kube/config is used and no merging takes place.`,
  usage: 'SUBCOMMAND',
  offline: true,
  commands: [currentContext, removes('cluster'), deleteContext, removes('user'), getClusters, getContexts, getUsers, renameContext, setValue, setCluster, setContext, setCredentials, unset, useContext, view],
};
