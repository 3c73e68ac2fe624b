import { podSpecOf } from '../change.ts';
import { CommandError, throwAll } from '../errors.ts';
import { bool, list, string } from '../flags.ts';
import { forEach, resolve } from '../resolve.ts';
import type { Call, Command, Info } from '../session.ts';
import { checkLocal } from '../local.ts';
import { Reporter } from '../print.ts';
import { chosen, edit, type Loose, needNames, shared } from './set-edit.ts';

export const env: Command = {
  name: 'env',
  short: 'Update environment variables on a pod template',
  usage: 'RESOURCE/NAME KEY_1=VAL_1 ... KEY_N=VAL_N',
  flags: [...shared, string('containers', 'c', '*'), bool('list'), bool('overwrite', undefined, 'true'), bool('resolve'), list('env', 'e'), string('from'), string('prefix'), list('keys')],
  run(call) {
    const { resources, variables } = split(call.args);
    const reporter = new Reporter(call, { typed: true });
    checkLocal(call, []);
    if (resources.length === 0 && call.flags.list('filename').length === 0) throw new CommandError(needNames);
    if (call.flags.bool('list') && call.flags.string('output')) throw new CommandError('--list and --output may not be specified together');
    if (call.flags.list('keys').length > 0 && !call.flags.string('from')) throw new CommandError('when specifying --keys, a configmap or secret must be provided with --from');
    const { pairs, removed } = parse([...call.flags.all('env'), ...variables]);
    if (call.flags.bool('list')) return listEnv(call, resources);
    const given = fromSource(call);
    edit(call, resources, {
      reporter,
      done: 'env updated',
      failed: 'env update to pod template:',
      apply(spec, info) {
        if (!call.flags.bool('overwrite')) keepsValues(call, spec, { info, names: pairs.map(([name]) => name) });
        for (const container of chosen(call, spec)) updateEnv(container, { wanted: [...pairs.map(([name, value]) => ({ name, value })), ...given], removed });
      },
    });
  },
};

/** Parts `deploy web A=1 B-` into resources and variables. */
function split(args: readonly string[]): { resources: string[]; variables: string[] } {
  const isVariable = (word: string) => word.includes('=') || word.endsWith('-');
  const from = args.findIndex(isVariable);
  const variables = from < 0 ? [] : args.slice(from);
  if (!variables.every(isVariable)) throw new CommandError(`all resources must be specified before environment changes: ${args.join(' ')}`);
  return { resources: from < 0 ? [...args] : args.slice(0, from), variables };
}

function parse(variables: readonly string[]): { pairs: [string, string][]; removed: string[] } {
  const [pairs, removed]: [[string, string][], string[]] = [[], []];
  for (const text of variables) {
    const at = text.indexOf('=');
    if (at < 0 && text.endsWith('-')) removed.push(text.slice(0, -1));
    else if (!/^[-._a-zA-Z][-._a-zA-Z0-9]*=/.test(text)) throw new CommandError('environment variables must be of the form key=value and can only contain letters, numbers, and underscores');
    else pairs.push([text.slice(0, at), text.slice(at + 1)]);
  }
  return { pairs, removed };
}

/** What --from names, as variables that point to its keys. */
function fromSource(call: Call): Loose[] {
  const { flags } = call;
  const [kind, source] = flags.string('from').split('/');
  if (!source) return [];
  const isSecret = /^secrets?$/.test(kind!);
  const holder = call.client.get(isSecret ? 'Secret' : 'ConfigMap', { namespace: call.namespace, name: source }) as Loose;
  const only = flags.list('keys').filter(Boolean);
  const keys = Object.keys(holder.data ?? {}).filter((key) => only.length === 0 || only.includes(key));
  return keys.sort().map((key) => {
    const name = key.toUpperCase().replace(/[^A-Z0-9_]/g, '_');
    if (name !== key) call.out.warn(`key ${key} transferred to ${name}`);
    return { name: `${flags.string('prefix')}${name}`, valueFrom: { [isSecret ? 'secretKeyRef' : 'configMapKeyRef']: { key, name: source } } };
  });
}

/** Without --overwrite a variable that is there stays as it is. */
function keepsValues(call: Call, spec: Loose, { info, names }: { info: Info; names: readonly string[] }): void {
  for (const container of chosen(call, spec)) {
    const taken = ((container.env ?? []) as Loose[]).find(({ name }) => names.includes(name));
    if (taken) throw new CommandError(`${info.resource.plural}/${info.name} '${taken.name}' already has a value (${taken.value ?? ''}), and --overwrite is false`);
  }
}

function updateEnv(container: Loose, { wanted, removed }: { wanted: Loose[]; removed: readonly string[] }): void {
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
