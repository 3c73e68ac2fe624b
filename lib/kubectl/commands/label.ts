import { isValidLabelValue } from '../../api/index.ts';
import { CommandError, throwAll } from '../errors.ts';
import { bool, string } from '../flags.ts';
import { clientKind, keyOf } from '../names.ts';
import { checkLocal } from '../local.ts';
import { splitPairs } from '../pairs.ts';
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

function labelChanges(pairs: readonly string[]): Changes {
  const changes: Changes = { set: {}, remove: [] };
  for (const pair of pairs) {
    const [key, value, ...more] = pair.split('=') as [string, string?];
    if (value === undefined) changes.remove.push(pair.slice(0, -1));
    else if (more.length > 0) throw new CommandError(`invalid label spec: ${pair}`);
    else changes.set[key] = value;
    const wrong = isValidLabelValue(value ?? '');
    if (wrong.length > 0) throw new CommandError(`invalid label value: ${JSON.stringify(pair)}: ${wrong.join(';')}`);
  }
  if (changes.remove.some((key) => key in changes.set)) throw new CommandError('can not both modify and remove a label in the same command');
  return changes;
}

function annotationChanges(pairs: readonly string[]): Changes {
  const changes: Changes = { set: {}, remove: [] };
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at < 0) changes.remove.push(pair.slice(0, -1));
    else changes.set[pair.slice(0, at)] = pair.slice(at + 1);
  }
  const both = changes.remove.filter((key) => key in changes.set);
  if (both.length > 0) throw new CommandError(`can not both modify and remove the following annotation(s) in the same command: ${both.join(', ')}`);
  return changes;
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
      const { flags } = call;
      const { resources, pairs } = splitPairs(call.args, what);
      const changes = what === 'label' ? labelChanges(pairs) : annotationChanges(pairs);
      const reporter = new Reporter(call);
      if (flags.bool('list') && flags.string('output')) throw new CommandError('--list and --output may not be specified together');
      checkLocal(call, resources, what === 'label' ? 'pod' : 'rsrc');
      if (flags.bool('all') && flags.string('selector')) throw new CommandError('cannot set --all and --selector at the same time');
      if (flags.bool('all') && flags.string('field-selector')) throw new CommandError('cannot set --all and --field-selector at the same time');
      if (resources.length === 0 && flags.list('filename').length === 0) throw new CommandError('one or more resources must be specified as <resource> <name> or <resource>/<name>');
      if (pairs.length === 0 && !flags.bool('list')) throw new CommandError(`at least one ${what} update is required`);
      const { infos, errors } = resolve(call, { args: resources, local: flags.bool('local'), all: 'allowed' });
      forEach(infos, errors, (info) => (flags.bool('list') ? listValues(call, info, field) : update(call, info, { field, changes, reporter })));
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
