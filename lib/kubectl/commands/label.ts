import { type Version, isQualifiedName, isValidLabelValue } from '../../api/index.ts';
import { CommandError, throwAll } from '../errors.ts';
import { bool, string } from '../flags.ts';
import { clientKind, keyOf } from '../names.ts';
import { dryRun, Reporter } from '../print.ts';
import { noteCause } from '../record.ts';
import { forEach, resolve } from '../resolve.ts';
import type { Call, Command, Info } from '../session.ts';
import { dryRunFlag, fileFlags, printFlags } from './create.ts';

type Field = 'labels' | 'annotations';

interface Changes {
  set: Record<string, string>;
  remove: string[];
}

/** Parts `pod web-1 a=b c-` into resources and changes. */
function split(call: Call, what: 'label' | 'annotation'): { resources: string[]; changes: Changes } {
  const from = call.args.findIndex((arg) => arg.includes('=') || arg.endsWith('-'));
  const resources = from < 0 ? call.args : call.args.slice(0, from);
  const changes: Changes = { set: {}, remove: [] };
  for (const arg of from < 0 ? [] : call.args.slice(from)) {
    const at = arg.indexOf('=');
    if (at > 0) changes.set[arg.slice(0, at)] = arg.slice(at + 1);
    else if (arg.endsWith('-') && at < 0) changes.remove.push(arg.slice(0, -1));
    else if (at < 0) throw new CommandError(`all resources must be specified before ${what} changes: ${arg}`);
    else throw new CommandError(`invalid ${what} spec: ${arg}`);
  }
  const both = changes.remove.filter((key) => key in changes.set);
  if (both.length > 0) throw new CommandError(`can not both modify and remove ${what === 'label' ? 'a label' : 'an annotation'} in the same command`);
  return { resources, changes };
}

function checkLabels({ set }: Changes, version: Version): void {
  for (const [key, value] of Object.entries(set)) {
    const wrongKey = isQualifiedName(key);
    // The server refuses a key whose prefix is empty, kubectl does not look.
    if (wrongKey.length > 0 && !key.startsWith('/')) throw new CommandError(`invalid label key ${JSON.stringify(`${key}=${value}`)}: ${wrongKey.join('; ')}`);
    const wrongValue = isValidLabelValue(value);
    if (wrongValue.length > 0) throw new CommandError(`invalid label value: ${JSON.stringify(`${key}=${value}`)}: ${wrongValue.join('; ')}`);
  }
}

const flags = [
  ...printFlags,
  dryRunFlag,
  ...fileFlags,
  bool('overwrite'),
  bool('list'),
  bool('local'),
  string('resource-version'),
  string('selector', 'l'),
  string('field-selector'),
  bool('all'),
  bool('all-namespaces', 'A'),
  string('field-manager'),
];

function command(name: 'label' | 'annotate', field: Field, what: 'label' | 'annotation'): Command {
  return {
    name,
    short: `Update the ${field} on a resource`,
    usage: `[--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]`,
    flags,
    run(call) {
      const { resources, changes } = split(call, what);
      const noResources = resources.length === 0 && call.flags.list('filename').length === 0;
      const noChanges = Object.keys(changes.set).length === 0 && changes.remove.length === 0;
      if (noResources) throw new CommandError('one or more resources must be specified as <resource> <name> or <resource>/<name>');
      if (noChanges && !call.flags.bool('list')) throw new CommandError(`at least one ${what} update is required`);
      if (name === 'label') checkLabels(changes, call.version);
      const { infos, errors } = resolve(call, { args: resources, local: call.flags.bool('local') });
      const reporter = new Reporter(call);
      forEach(infos, errors, (info) => (call.flags.bool('list') ? listValues(call, info, field) : update(call, info, { field, changes, reporter })));
      throwAll(errors);
    },
  };
}

function listValues(call: Call, info: Info, field: Field): void {
  const values = info.object?.metadata[field] ?? {};
  for (const key of Object.keys(values).sort()) call.out.line(`${key}=${values[key]}`);
}

function update(call: Call, info: Info, { field, changes, reporter }: { field: Field; changes: Changes; reporter: Reporter }): void {
  const present: Record<string, string> = info.object?.metadata[field] ?? {};
  refuseOverwrite(call, present, { field, changes });
  for (const key of changes.remove) if (field === 'labels' && !(key in present)) call.out.line(`label ${JSON.stringify(key)} not found.`);
  const wanted = call.flags.string('resource-version');
  const patch: Record<string, string | null> = {};
  for (const [key, value] of Object.entries(changes.set)) if (present[key] !== value) patch[key] = value;
  for (const key of changes.remove) if (key in present) patch[key] = null;
  const changed = Object.keys(patch).length > 0;
  const after: Record<string, string | null> = { ...present, ...patch };
  for (const key of Object.keys(after)) if (after[key] === null) delete after[key];
  let object = { ...info.object!, metadata: { ...info.object!.metadata, [field]: after } };
  if (changed && dryRun(call) !== 'client' && !call.flags.bool('local')) {
    object = call.client.patch(clientKind(info.resource), keyOf(info), { metadata: { ...(wanted && { resourceVersion: wanted }), [field]: patch } }, { type: 'merge', dryRun: dryRun(call) === 'server', fieldManager: `kubectl-${field === 'labels' ? 'label' : 'annotate'}` }) as never;
  }
  noteCause(call, info);
  reporter.report(info, field === 'annotations' ? 'annotated' : !changed ? 'not labeled' : removesOnly(call, patch) ? 'unlabeled' : 'labeled', object as never);
}

const removesOnly = (call: Call, patch: Record<string, string | null>) => !call.flags.bool('overwrite') && Object.values(patch).every((value) => value === null);

function refuseOverwrite(call: Call, present: Record<string, string>, { field, changes }: { field: Field; changes: Changes }): void {
  if (call.flags.bool('overwrite')) return;
  const taken = Object.entries(changes.set).filter(([key, value]) => key in present && present[key] !== value);
  if (taken.length === 0) return;
  const texts = taken.map(([key]) => `'${key}' already has a value (${present[key]})`);
  if (field === 'labels') throw new CommandError(`${texts[0]}, and --overwrite is false`);
  throw new CommandError(`--overwrite is false but found the following declared annotation(s): ${texts.join('; ')}`);
}

export const label = command('label', 'labels', 'label');
export const annotate = command('annotate', 'annotations', 'annotation');
