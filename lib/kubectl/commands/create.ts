import { type Manifest, sha256, StatusError } from '../../api/index.ts';
import { CommandError, throwAll, UsageError, wrapped } from '../errors.ts';
import { bool, type Flag, int, list, string } from '../flags.ts';
import { base64, dataFrom, deploymentManifest, serviceManifest, tcpPort } from '../generate.ts';
import { goJson } from '../go-text.ts';
import { resourceOfKind } from '../names.ts';
import { withLastApplied } from '../last-applied.ts';
import { dryRun, Reporter } from '../print.ts';
import { withCause } from '../record.ts';
import { budgetGenerator } from './create-budget.ts';
import { ingressGenerator } from './create-ingress.ts';
import { jobGenerators } from './create-jobs.ts';
import { quotaGenerator } from './create-quota.ts';
import { rbacGenerators } from './create-rbac.ts';
import { registrySecret } from './create-registry-secret.ts';
import { createToken } from './create-token.ts';
import { forEach, resolve } from '../resolve.ts';
import type { Call, Command, Info } from '../session.ts';

export const printFlags: Flag[] = [string('output', 'o'), string('template'), bool('show-managed-fields'), bool('allow-missing-template-keys', undefined, 'true')];
export const dryRunFlag: Flag = { name: 'dry-run', type: 'string', value: 'none', alone: 'unchanged' };
export const fileFlags: Flag[] = [list('filename', 'f'), list('kustomize', 'k'), bool('recursive', 'R')];
export const validateFlag: Flag = { name: 'validate', type: 'string', value: 'strict', alone: 'strict' };
const shared: Flag[] = [...printFlags, dryRunFlag, validateFlag, bool('save-config'), string('field-manager')];

/** Strict, unless --validate says otherwise; a server before 1.25 knows no field validation. */
export function fieldValidation(call: Call): 'Strict' | 'Warn' | 'Ignore' {
  const value = call.flags.string('validate').toLowerCase();
  if (value === 'false' || value === 'ignore') return 'Ignore';
  return value === 'warn' ? 'Warn' : 'Strict';
}

/** Sends one object (or only shows it) and tells so. */
export function createOne(call: Call, info: Info, reporter: Reporter, done = 'created'): void {
  const saved = call.flags.bool('save-config') ? withLastApplied(clientSide(call, info.object as Manifest)) : (info.object as Manifest);
  const sent = withCause(call, saved as Manifest);
  if (dryRun(call) === 'client') return reporter.report(info, done, clientSide(call, sent) as never);
  const object = call.client.create(sent, { dryRun: dryRun(call) === 'server', fieldManager: call.flags.string('field-manager') || 'kubectl-create', fieldValidation: fieldValidation(call) });
  reporter.report({ ...info, name: object.metadata.name, object }, done);
}

/** A dry run on the client shows no namespace that was not asked for. */
function clientSide(call: Call, object: Manifest): Manifest {
  if (call.namespaceGiven || !object.metadata?.namespace || object.metadata.creationTimestamp !== null) return object;
  const { namespace: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** The row and namespace of an object that kubectl itself made. */
export function infoOfMade(call: Call, manifest: Manifest): Info {
  const resource = resourceOfKind(manifest.kind!, manifest.apiVersion!, call.version);
  if (!resource) throw new CommandError(`no matches for kind ${JSON.stringify(manifest.kind)} in version ${JSON.stringify(manifest.apiVersion)}`);
  const namespace = resource.namespaced ? call.namespace : '';
  const object = { ...manifest, metadata: { ...manifest.metadata, ...(namespace && { namespace }) } };
  return { resource, namespace, name: manifest.metadata?.name ?? '', apiVersion: manifest.apiVersion!, object: object as never };
}

function nameArgument(call: Call): string {
  const names = call.dash >= 0 ? call.args.slice(0, call.dash) : call.args;
  if (names.length !== 1) throw new UsageError(`exactly one NAME is required, got ${names.length}`, call.command);
  return names[0]!;
}

function need(call: Call, ...flags: string[]): void {
  const missing = flags.filter((flag) => !call.flags.has(flag));
  if (missing.length > 0) throw new CommandError(`required flag(s) ${missing.map((flag) => JSON.stringify(flag)).join(', ')} not set`);
}

function generator(name: string, options: Omit<Command, 'name' | 'run'> & { make(call: Call): Manifest; what?: string }): Command {
  const { make, flags = [], what = `${name}:`, ...rest } = options;
  return {
    name,
    ...rest,
    flags: [...shared, ...flags],
    run(call) {
      if (call.args.length !== 1 && call.dash < 0) nameArgument(call);
      const reporter = new Reporter(call, { typed: true });
      const info = infoOfMade(call, make(call));
      try {
        createOne(call, info, reporter);
      } catch (error) {
        if (!(error instanceof StatusError) || what === '') throw error;
        throw new CommandError(`failed to create ${what} ${error.message}`);
      }
    },
  };
}

/** Reads a workstation file, or all files of a directory. */
function readFile(call: Call, path: string): string | { name: string; text: string }[] {
  const files = call.options.files ?? new Map<string, string>();
  const clean = path.replace(/^\.\//, '');
  const text = files.get(path) ?? files.get(clean);
  if (text !== undefined) return text;
  const folder = `${clean.replace(/\/+$/, '')}/`;
  const inside = [...files.keys()].filter((name) => name.startsWith(folder) && !name.slice(folder.length).includes('/')).sort();
  if (inside.length === 0) throw new CommandError(`error reading ${path}: no such file or directory`);
  return inside.map((name) => ({ name: name.slice(folder.length), text: files.get(name)! }));
}

function keyPair(call: Call, path: string): string {
  const text = call.options.files?.get(path) ?? call.options.files?.get(path.replace(/^\.\//, ''));
  if (text === undefined) throw new CommandError(`Cannot read file ${path}, open ${path}: no such file or directory`);
  return text;
}

/** `--append-hash`: the name ends in what its content comes to (kubectl's pkg/util/hash). */
function hashed<T extends Manifest>(call: Call, { kind, object, fields }: { kind: string; object: T; fields: Record<string, unknown> }): T {
  if (!call.flags.bool('append-hash')) return object;
  const { name } = object.metadata as { name: string };
  const digits = [...sha256(goJson({ ...fields, kind, name })).slice(0, 5)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const safe = digits.replace(/[013ae]/g, (c) => ({ 0: 'g', 1: 'h', 3: 'k', a: 'm', e: 't' })[c]!);
  return { ...object, metadata: { ...object.metadata, name: `${name}-${safe}` } };
}

const dataFlags = [list('from-literal'), list('from-file'), list('from-env-file'), bool('append-hash')];

function readData(call: Call, kind: 'ConfigMap' | 'Secret'): Record<string, string> {
  if (call.flags.has('from-env-file') && (call.flags.has('from-file') || call.flags.has('from-literal'))) throw new CommandError('from-env-file cannot be combined with from-file or from-literal');
  const data = dataFrom({ name: call.args[0] ?? '', kind, literals: call.flags.all('from-literal'), files: call.flags.all('from-file'), read: (path) => readFile(call, path) });
  for (const path of call.flags.all('from-env-file')) {
    for (const line of String(readFile(call, path)).split('\n')) {
      const match = /^\s*([^#=\s][^=]*)=(.*)$/.exec(line);
      if (match) data[match[1]!.trim()] = match[2]!;
    }
  }
  return data;
}

const made = { creationTimestamp: null } as never;

const deployment = generator('deployment', {
  aliases: ['deploy'],
  short: 'Create a deployment with the specified name',
  usage: 'NAME --image=image -- [COMMAND] [args...]',
  flags: [list('image'), int('replicas', '1', 'r'), int('port', '-1')],
  make(call) {
    need(call, 'image');
    const images = call.flags.list('image').filter(Boolean);
    const command = call.dash >= 0 ? call.args.slice(call.dash) : [];
    const name = nameArgument(call);
    if (images.length > 1 && command.length > 0) throw new CommandError('cannot specify multiple --image options and command');
    const port = call.flags.int('port');
    return deploymentManifest(name, { images, replicas: call.flags.int('replicas'), command, ...(port > 0 && { port }) });
  },
});

const namespace = generator('namespace', {
  aliases: ['ns'],
  what: '',
  short: 'Create a namespace with the specified name',
  usage: 'NAME [--dry-run=server|client|none]',
  make: (call) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { ...(made as object), name: nameArgument(call) } as never, spec: {}, status: {} }),
});

const configMap = generator('configmap', {
  aliases: ['cm'],
  short: 'Create a config map from a local file, directory or literal value',
  usage: 'NAME [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]',
  flags: dataFlags,
  make(call) {
    const name = nameArgument(call);
    const data = readData(call, 'ConfigMap');
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...(made as object), name } as never, ...(Object.keys(data).length > 0 && { data }) };
    return hashed(call, { kind: 'ConfigMap', object, fields: { data } });
  },
});

const serviceAccount = generator('serviceaccount', {
  aliases: ['sa'],
  short: 'Create a service account with the specified name',
  usage: 'NAME [--dry-run=server|client|none]',
  make: (call) => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { ...(made as object), name: nameArgument(call) } as never }),
});

const priorityClass = generator('priorityclass', {
  aliases: ['pc'],
  short: 'Create a priority class with the specified name',
  usage: 'NAME --value=VALUE --global-default=BOOL [--dry-run=server|client|none]',
  flags: [int('value'), bool('global-default'), string('description'), string('preemption-policy', undefined, 'PreemptLowerPriority')],
  make: (call) => ({
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { ...(made as object), name: nameArgument(call) } as never,
    value: call.flags.int('value'),
    globalDefault: call.flags.bool('global-default') || undefined,
    description: call.flags.string('description') || undefined,
    preemptionPolicy: call.flags.string('preemption-policy'),
  }),
});

const secret: Command = {
  name: 'secret',
  short: 'Create a secret using a specified subcommand',
  long: `Create a secret with specified type.

 A docker-registry type secret is for accessing a container registry.

 A generic type secret indicate an Opaque secret type.

 A tls type secret holds TLS certificate and its associated key.`,
  usage: '(docker-registry | generic | tls)',
  commands: [
    registrySecret(generator, nameArgument),
    generator('generic', {
      what: 'secret',
      short: 'Create a secret from a local file, directory, or literal value',
      usage: 'NAME [--type=string] [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]',
      flags: [...dataFlags, string('type')],
      make(call) {
        const name = nameArgument(call);
        const data = Object.fromEntries(Object.entries(readData(call, 'Secret')).map(([key, value]) => [key, base64(value)]));
        const type = call.flags.string('type');
        const object = { apiVersion: 'v1', kind: 'Secret', metadata: { ...(made as object), name } as never, ...(type && { type }), ...(Object.keys(data).length > 0 && { data }) };
        return hashed(call, { kind: 'Secret', object, fields: { data, type } });
      },
    }),
    generator('tls', {
      what: 'secret',
      short: 'Create a TLS secret',
      usage: 'NAME --cert=path/to/cert/file --key=path/to/key/file [--dry-run=server|client|none]',
      flags: [string('cert'), string('key')],
      make(call) {
        const name = nameArgument(call);
        if (!call.flags.string('cert') || !call.flags.string('key')) throw new CommandError('key and cert must be specified');
        const [cert, key] = ['cert', 'key'].map((flag) => base64(keyPair(call, call.flags.string(flag))));
        return { apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/tls', metadata: { ...(made as object), name } as never, data: { 'tls.crt': cert, 'tls.key': key } };
      },
    }),
  ],
};

function serviceGenerator(name: string, type: string, flags: Flag[] = []): Command {
  return generator(name, {
    what: `${type} service:`,
    short: `Create ${type === 'ExternalName' ? 'an' : 'a'} ${type} service`,
    usage: 'NAME [--tcp=<port>:<targetPort>] [--dry-run=server|client|none]',
    flags: [list('tcp'), ...flags],
    make(call) {
      const serviceName = nameArgument(call);
      const ports = call.flags.list('tcp').map(tcpPort);
      const headless = call.flags.string('clusterip');
      if (type !== 'ExternalName' && ports.length === 0 && headless !== 'None') throw new CommandError('at least one tcp port specifier must be provided');
      const nodePort = call.flags.int('node-port');
      if (nodePort > 0 && ports[0]) ports[0].nodePort = nodePort;
      const externalName = call.flags.string('external-name');
      return serviceManifest(serviceName, { ports, type, labels: { app: serviceName }, selector: { app: serviceName }, ...(headless && { clusterIP: headless }), ...(externalName && { externalName }) });
    },
  });
}

const service: Command = {
  name: 'service',
  aliases: ['svc'],
  short: 'Create a service using a specified subcommand',
  commands: [
    serviceGenerator('clusterip', 'ClusterIP', [string('clusterip')]),
    serviceGenerator('nodeport', 'NodePort', [int('node-port')]),
    serviceGenerator('loadbalancer', 'LoadBalancer'),
    serviceGenerator('externalname', 'ExternalName', [string('external-name')]),
  ],
};

/** Generators of kinds that come later. */
export const create: Command = {
  name: 'create',
  short: 'Create a resource from a file or from stdin',
  usage: '-f FILENAME',
  flags: [...shared, ...fileFlags, string('selector', 'l'), bool('edit'), string('raw'), bool('windows-line-endings')],
  commands: [configMap, deployment, namespace, priorityClass, secret, service, serviceAccount, ...rbacGenerators(generator, nameArgument), ...jobGenerators(generator, nameArgument, need), quotaGenerator(generator, nameArgument), ingressGenerator(generator, nameArgument), budgetGenerator(generator, nameArgument), createToken],
  run(call) {
    if (call.args.length > 0) throw new UsageError(`Unexpected args: [${call.args.join(' ')}]`, call.command);
    if (call.flags.list('filename').length === 0) throw new CommandError('must specify one of -f and -k');
    const reporter = new Reporter(call);
    const { found } = resolve(call, { local: true });
    if (found.length === 0) throw new CommandError('no objects passed to create');
    const errors: Error[] = [];
    forEach(found, errors, (info) => {
      try {
        createOne(call, info, reporter);
      } catch (error) {
        throw wrapped(error, `error when creating ${JSON.stringify(info.source)}`);
      }
    });
    throwAll(errors);
  },
};
