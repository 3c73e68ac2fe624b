// Commands about the server and the workstation, and those that only say why they are not here.
import { customKinds, remoteRows, type Resource, servedVersions } from '../../api/index.ts';
import { CommandError, ConnectionTimeout, PlainError, UsageError } from '../errors.ts';
import { bool, list, string } from '../flags.ts';
import { goJson } from '../go-text.ts';
import { apiVersionOf, pluralName } from '../names.ts';
import type { Call, Command } from '../session.ts';
import { alignRows } from '../text/tabwriter.ts';
import { target } from '../config.ts';
import { printYaml } from '../yaml/print.ts';

function served(call: Call): Resource[] {
  return [...call.resources, ...remoteRows(customKinds(call.version).remote)].filter((row) => servedVersions(row, call.version).length > 0 && row.verbs.length > 0);
}

export const apiResources: Command = {
  name: 'api-resources',
  short: 'Print the supported API resources on the server',
  flags: [string('api-group'), { name: 'namespaced', type: 'bool', value: 'true', alone: 'true' }, list('verbs'), list('categories'), string('output', 'o'), string('sort-by'), bool('no-headers'), bool('cached')],
  run(call) {
    const { flags } = call;
    if (call.args.length > 0) throw new UsageError(`unexpected arguments: [${call.args.join(' ')}]`, call.command);
    const output = flags.string('output');
    if (!['', 'wide', 'name'].includes(output)) throw new CommandError(`--output ${output} is not available`);
    const verbs = flags.list('verbs');
    const categories = flags.list('categories');
    const rows = served(call)
      .filter((row) => !flags.has('api-group') || row.group === flags.string('api-group'))
      .filter((row) => !flags.has('namespaced') || row.namespaced === flags.bool('namespaced'))
      .filter((row) => verbs.every((verb) => row.verbs.includes(verb)))
      .filter((row) => categories.every((category) => row.categories?.includes(category)));
    if (!['', 'name', 'kind'].includes(flags.string('sort-by'))) throw new CommandError('--sort-by accepts only name or kind');
    rows.sort(order(flags.string('sort-by')));
    if (output === 'name') return call.out.write(rows.map((row) => `${pluralName(row)}\n`).join(''));
    const wide = output === 'wide';
    const cells = rows.map((row) => [row.plural, (row.shortNames ?? []).join(','), apiVersionOf(row, call.version), String(row.namespaced), row.kind, ...(wide ? [[...row.verbs].sort().join(','), (row.categories ?? []).join(',')] : [])]);
    const header = ['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND', ...(wide ? ['VERBS', 'CATEGORIES'] : [])];
    call.out.write(alignRows(flags.bool('no-headers') ? cells : [header, ...cells]));
  },
};

function order(by: string): (a: Resource, b: Resource) => number {
  const key = (row: Resource) => (by === 'name' ? [row.plural] : by === 'kind' ? [row.kind] : [row.group, row.plural]);
  return (a, b) => {
    const [x, y] = [key(a), key(b)];
    for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return x[i]! < y[i]! ? -1 : 1;
    return 0;
  };
}

export const apiVersions: Command = {
  name: 'api-versions',
  short: 'Print the supported API versions on the server, in the form of "group/version"',
  run(call) {
    if (call.args.length > 0) throw new UsageError(`unexpected arguments: [${call.args.join(' ')}]`, call.command);
    const versions = new Set(served(call).flatMap((row) => servedVersions(row, call.version).map((version) => (row.group ? `${row.group}/${version}` : version))));
    call.out.line([...versions].sort().join('\n'));
  },
};

const kustomize = 'v5.6.0';

export const version: Command = {
  name: 'version',
  short: 'Print the client and server version information',
  offline: true,
  flags: [bool('client'), string('output', 'o'), bool('short')],
  run(call) {
    if (call.flags.has('short') && call.version.has('kubectl-version-always-short')) throw new PlainError("error: unknown flag: --short\nSee 'kubectl version --help' for usage.");
    if (call.args.length > 0) throw new CommandError(`extra arguments: [${call.args.join(' ')}]`);
    const { gitVersion, minor } = call.version;
    const info = { gitVersion, major: '1', minor: String(minor), platform: 'linux/amd64' };
    const data = { clientVersion: info, kustomizeVersion: kustomize, ...(!call.flags.bool('client') && { serverVersion: info }) };
    const output = call.flags.string('output');
    if (output === 'json') return call.out.write(`${goJson(data, '  ')}\n`);
    if (output === 'yaml') return call.out.write(printYaml(data));
    if (output) throw new CommandError("--output must be 'yaml' or 'json'");
    call.out.line(`Client Version: ${gitVersion}\nKustomize Version: ${kustomize}`);
    if (call.flags.bool('client')) return;
    const { server } = target(call.config, call.flags);
    const answers = call.config ? (call.options.reachable?.(server) ?? true) : false;
    if (answers === 'timeout') throw new ConnectionTimeout(server);
    if (!answers) throw new PlainError(`The connection to the server ${server} was refused - did you specify the right host or port?`);
    call.out.line(`Server Version: ${gitVersion}`);
  },
};

export const clusterInfo: Command = {
  name: 'cluster-info',
  short: 'Display cluster information',
  commands: [{ name: 'dump', short: 'Dump relevant information for debugging and diagnosis', run: () => later('cluster-info dump') }],
  run(call) {
    const server = call.config?.clusters.find(({ name }) => name === call.config?.contexts.find((context) => context.name === call.config?.currentContext)?.cluster)?.server ?? '';
    call.out.line(`Kubernetes control plane is running at ${server}`);
    const { items } = call.client.list('Service', { namespace: 'kube-system', labelSelector: 'kubernetes.io/cluster-service=true' });
    for (const { metadata, spec } of items) {
      const port = spec.ports?.[0]?.name ? `:${spec.ports[0].name}` : '';
      call.out.line(`${metadata.labels?.['kubernetes.io/name'] ?? metadata.name} is running at ${server}/api/v1/namespaces/kube-system/services/${metadata.name}${port}/proxy`);
    }
    call.out.line("\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.");
  },
};

/** Not here yet: says so instead of doing something else. */
function later(what: string): never {
  throw new CommandError(`kubectl ${what} is not part of this simulation yet`);
}

const absent = (name: string, short: string, extra: Partial<Command> = {}): Command => ({ name, short, offline: true, run: () => later(name), ...extra });

export const notYet: Command[] = [
  absent('port-forward', 'Forward one or more local ports to a pod', { flags: [string('address')] }),
  absent('proxy', 'Run a proxy to the Kubernetes API server', { flags: [string('port', 'p')] }),
  absent('kustomize', 'Build a kustomization target from a directory or URL'),
  absent('completion', 'Output shell completion code for the specified shell (bash, zsh, fish, or powershell)'),
  absent('plugin', 'Provides utilities for interacting with plugins'),
];
