import { change, podSpecOf } from '../change.ts';
import { CommandError, PlainError, throwAll } from '../errors.ts';
import { bool, type Flag, list, string } from '../flags.ts';
import { Reporter } from '../print.ts';
import { forEach, resolve } from '../resolve.ts';
import type { Call, Command, Info } from '../session.ts';
import { dryRunFlag, fileFlags, printFlags } from './create.ts';

type Loose = Record<string, any>;
const shared: Flag[] = [...printFlags, dryRunFlag, ...fileFlags, string('selector', 'l'), bool('all'), bool('local'), string('field-manager')];
const needNames = 'one or more resources must be specified as <resource> <name> or <resource>/<name>';

/** Parts `deploy web A=1 B-` into resources and changes. */
function split(args: readonly string[]): { resources: string[]; pairs: [string, string][]; removed: string[] } {
  const from = args.findIndex((arg) => arg.includes('=') || (arg.endsWith('-') && arg.length > 1));
  const resources = from < 0 ? [...args] : args.slice(0, from);
  const pairs: [string, string][] = [];
  const removed: string[] = [];
  for (const arg of from < 0 ? [] : args.slice(from)) {
    const at = arg.indexOf('=');
    if (at > 0) pairs.push([arg.slice(0, at), arg.slice(at + 1)]);
    else if (arg.endsWith('-')) removed.push(arg.slice(0, -1));
    else throw new CommandError(`all resources must be specified before image changes: ${arg}`);
  }
  return { resources, pairs, removed };
}

/** Changes every object that is named, and tells of those that really changed. */
function edit(call: Call, resources: readonly string[], { done, apply }: { done: string; apply(spec: Loose, info: Info): void }): void {
  const { infos, errors } = resolve(call, { args: resources });
  const reporter = new Reporter(call);
  forEach(infos, errors, (info) => {
    const { object, changed } = change(call, info, (copy) => {
      const spec = podSpecOf(copy);
      if (!spec) throw new CommandError(`${info.resource.plural}/${info.name} does not have a pod template`);
      apply(spec, info);
    });
    if (changed) reporter.report(info, done, object);
  });
  throwAll(errors);
}

const image: Command = {
  name: 'image',
  short: 'Update the image of a pod template',
  usage: '(-f FILENAME | TYPE NAME) CONTAINER_NAME_1=CONTAINER_IMAGE_1 ... CONTAINER_NAME_N=CONTAINER_IMAGE_N',
  flags: shared,
  run(call) {
    const { resources, pairs } = split(call.args);
    if (resources.length === 0 && call.flags.list('filename').length === 0) throw new CommandError(needNames);
    if (pairs.length === 0) throw new CommandError('at least one image update is required');
    edit(call, resources, {
      done: 'image updated',
      apply(spec) {
        const missing = pairs.filter(([name, value]) => !setImage(spec, name, value));
        if (missing.length > 0) throw new PlainError(missing.map(([name]) => `error: unable to find container named ${JSON.stringify(name)}`).join('\n'));
      },
    });
  },
};

function setImage(spec: Loose, name: string, value: string): boolean {
  const containers = [...(spec.initContainers ?? []), ...spec.containers] as Loose[];
  const found = name === '*' ? containers : containers.filter((container) => container.name === name);
  for (const container of found) container.image = value;
  return found.length > 0;
}

const chosen = (call: Call, spec: Loose): Loose[] => {
  const pattern = call.flags.string('containers') || '*';
  const test = new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);
  return spec.containers.filter((container: Loose) => test.test(container.name));
};

const env: Command = {
  name: 'env',
  short: 'Update environment variables on a pod template',
  usage: 'RESOURCE/NAME KEY_1=VAL_1 ... KEY_N=VAL_N',
  flags: [...shared, string('containers', 'c', '*'), bool('list'), bool('overwrite', undefined, 'true'), bool('resolve'), list('env', 'e'), string('from'), string('prefix'), list('keys')],
  run(call) {
    const { resources, pairs, removed } = split([...call.args, ...call.flags.all('env')]);
    if (resources.length === 0 && call.flags.list('filename').length === 0) throw new CommandError(needNames);
    if (call.flags.bool('list') || (pairs.length === 0 && removed.length === 0 && !call.flags.string('from'))) return listEnv(call, resources);
    edit(call, resources, {
      done: 'env updated',
      apply(spec) {
        for (const container of chosen(call, spec)) updateEnv(call, container, { pairs, removed });
      },
    });
  },
};

function updateEnv(call: Call, container: Loose, { pairs, removed }: { pairs: [string, string][]; removed: string[] }): void {
  const wanted: Loose[] = pairs.map(([name, value]) => ({ name, value }));
  const [kind, source] = call.flags.string('from').split('/');
  if (source) {
    const isSecret = /^secrets?$/.test(kind!);
    const holder = call.client.get(isSecret ? 'Secret' : 'ConfigMap', { namespace: call.namespace, name: source }) as Loose;
    for (const key of Object.keys(holder.data ?? {}).sort()) {
      const name = `${call.flags.string('prefix')}${key}`.toUpperCase().replace(/[^A-Z0-9_]/g, '_');
      wanted.push({ name, valueFrom: { [isSecret ? 'secretKeyRef' : 'configMapKeyRef']: { key, name: source } } });
    }
  }
  const names = new Set([...wanted.map(({ name }) => name), ...removed]);
  const kept: Loose[] = [];
  const present = (container.env ?? []) as Loose[];
  for (const variable of present) {
    const replacement = wanted.find(({ name }) => name === variable.name);
    if (replacement) kept.push(replacement);
    else if (!names.has(variable.name)) kept.push(variable);
  }
  kept.push(...wanted.filter(({ name }) => !present.some((variable) => variable.name === name)));
  if (kept.length > 0) container.env = kept;
  else delete container.env;
}

function listEnv(call: Call, resources: readonly string[]): void {
  const { infos, errors } = resolve(call, { args: resources });
  forEach(infos, errors, (info) => {
    const spec = podSpecOf(info.object!);
    for (const container of spec ? chosen(call, spec) : []) {
      call.out.line(`# ${info.resource.kind} ${info.name}, container ${container.name}`);
      for (const variable of (container.env ?? []) as Loose[]) call.out.line(envText(variable));
    }
  });
  throwAll(errors);
}

function envText({ name, value = '', valueFrom }: Loose): string {
  if (!valueFrom) return `${name}=${value}`;
  if (valueFrom.configMapKeyRef) return `# ${name} from configmap ${valueFrom.configMapKeyRef.name}, key ${valueFrom.configMapKeyRef.key}`;
  if (valueFrom.secretKeyRef) return `# ${name} from secret ${valueFrom.secretKeyRef.name}, key ${valueFrom.secretKeyRef.key}`;
  if (valueFrom.fieldRef) return `# ${name} from field path ${valueFrom.fieldRef.fieldPath}`;
  return `# ${name} from resource ${valueFrom.resourceFieldRef?.resource ?? ''}`;
}

const resources: Command = {
  name: 'resources',
  short: 'Update resource requests/limits on objects with pod templates',
  usage: '(-f FILENAME | TYPE NAME)  ([--limits=LIMITS & --requests=REQUESTS]',
  flags: [...shared, string('containers', 'c', '*'), string('limits'), string('requests')],
  run(call) {
    const [limits, requests] = ['limits', 'requests'].map((flag) => quantities(call.flags.string(flag)));
    if (!limits && !requests) throw new CommandError('you must specify an update to requests or limits (in the form of --requests/--limits)');
    edit(call, call.args, {
      done: 'resource requirements updated',
      apply(spec) {
        const found = chosen(call, spec);
        if (found.length === 0) throw new CommandError(`unable to find container named ${call.flags.string('containers')}`);
        for (const container of found) {
          container.resources ??= {};
          if (limits) container.resources.limits = { ...container.resources.limits, ...limits };
          if (requests) container.resources.requests = { ...container.resources.requests, ...requests };
        }
      },
    });
  },
};

function quantities(text: string): Record<string, string> | undefined {
  if (!text) return undefined;
  return Object.fromEntries(
    text.split(',').map((pair) => {
      const [name, value] = pair.split('=');
      if (!name || !value) throw new CommandError(`invalid argument syntax ${pair}, expected <resource>=<value>`);
      return [name, value];
    }),
  );
}

const serviceAccount: Command = {
  name: 'serviceaccount',
  aliases: ['sa'],
  short: 'Update the service account of a resource',
  usage: '(-f FILENAME | TYPE NAME) SERVICE_ACCOUNT',
  flags: shared,
  run(call) {
    const name = call.args.at(-1);
    if (!name || (call.args.length < 2 && call.flags.list('filename').length === 0)) throw new CommandError('serviceaccount is required');
    edit(call, call.args.slice(0, -1), {
      done: 'serviceaccount updated',
      apply(spec) {
        spec.serviceAccountName = name;
        if (spec.serviceAccount !== undefined) spec.serviceAccount = name;
      },
    });
  },
};

const selector: Command = {
  name: 'selector',
  short: 'Set the selector on a resource',
  usage: '(-f FILENAME | TYPE NAME) EXPRESSIONS [--resource-version=version]',
  flags: [...shared, string('resource-version')],
  run(call) {
    const expression = call.args.at(-1) ?? '';
    if (!expression.includes('=')) throw new CommandError('one selector is required');
    const labels = Object.fromEntries(expression.split(',').map((pair) => pair.split('=', 2) as [string, string]));
    const { infos, errors } = resolve(call, { args: call.args.slice(0, -1) });
    const reporter = new Reporter(call);
    forEach(infos, errors, (info) => {
      if (info.resource.kind !== 'Service') throw new CommandError(`setting a selector is only supported for Services`);
      const { object } = change(call, info, (copy) => {
        copy.spec.selector = labels;
      });
      reporter.report(info, 'selector updated', object);
    });
    throwAll(errors);
  },
};

export const set: Command = { name: 'set', short: 'Set specific features on objects', usage: 'SUBCOMMAND', commands: [env, image, resources, selector, serviceAccount] };
