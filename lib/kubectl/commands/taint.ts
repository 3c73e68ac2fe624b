import { isQualifiedName, isValidLabelValue, type Taint } from '../../api/index.ts';
import { change } from '../change.ts';
import { CommandError, PlainError, throwAll, UsageError } from '../errors.ts';
import { bool, string } from '../flags.ts';
import { Reporter } from '../print.ts';
import { findResource } from '../names.ts';
import { forEach, resolve } from '../resolve.ts';
import type { Call, Command } from '../session.ts';
import { dryRunFlag, printFlags, validateFlag } from './create.ts';

interface Changes {
  add: Taint[];
  remove: { key: string; effect: string }[];
}

export const taint: Command = {
  name: 'taint',
  short: 'Update the taints on one or more nodes',
  usage: 'NODE NAME KEY_1=VAL_1:TAINT_EFFECT_1 ... KEY_N=VAL_N:TAINT_EFFECT_N',
  flags: [...printFlags, dryRunFlag, validateFlag, string('selector', 'l'), bool('all'), bool('overwrite'), string('field-manager')],
  run(call) {
    const { resources, changes } = split(call);
    const kind = findResource(resources[0]!, call.version);
    if (!kind) throw new PlainError(`the server doesn't have a resource type ${JSON.stringify(resources[0])}`);
    if (kind.kind !== 'Node') throw new CommandError(`invalid resource type ${resources[0]!.toLowerCase()}, only node types are supported`);
    checkBoth(changes);
    if (!call.flags.bool('all') && !call.flags.string('selector') && resources.length < 2) throw new CommandError("at least one resource name must be specified since 'all' parameter is not set");
    const { infos, errors } = resolve(call, { args: resources });
    const reporter = new Reporter(call, { typed: true });
    forEach(infos, errors, (info) => {
      const present: Taint[] = info.object!.spec?.taints ?? [];
      if (!call.flags.bool('overwrite')) {
        const taken = changes.add.filter((one) => present.some((old) => same(old, one))).map(({ key }) => key);
        if (taken.length > 0) throw new CommandError(`node ${info.name} already has ${taken.join(',')} taint(s) with same effect(s) and --overwrite is false`);
      }
      const { taints, done } = reorganized(call, present, changes);
      const { object } = change(call, info, (copy) => {
        if (taints.length > 0) copy.spec = { ...copy.spec, taints };
        else delete copy.spec?.taints;
      });
      reporter.report(info, done, object, { quiet: true });
    });
    throwAll(errors);
  },
};

function split(call: Call): { resources: string[]; changes: Changes } {
  const isTaint = (arg: string) => /[=:]/.test(arg) || arg.endsWith('-');
  const from = call.args.findIndex(isTaint);
  const resources = from < 0 ? call.args : call.args.slice(0, from);
  const taints = from < 0 ? [] : call.args.slice(from);
  const late = taints.find((arg) => !isTaint(arg));
  if (late) throw new CommandError(`all resources must be specified before taint changes: ${late}`);
  if (call.args.length === 0) throw new CommandError('one or more resources must be specified as <resource> <name>');
  if (taints.length === 0) throw new CommandError('at least one taint update is required');
  if (resources.length === 0) throw new CommandError('one or more resources must be specified as <resource> <name>');
  const changes: Changes = { add: [], remove: [] };
  for (const text of taints) {
    if (text.endsWith('-')) {
      const { key, effect } = parse(call, text.slice(0, -1));
      changes.remove.push({ key, effect });
      continue;
    }
    const one = parse(call, text);
    if (!one.effect) throw new UsageError(`invalid taint spec: ${text}`, call.command);
    if (changes.add.some((other) => same(other, one))) throw new UsageError(`duplicated taints with the same key and effect: {${one.key} ${one.value ?? ''} ${one.effect} <nil>}`, call.command);
    changes.add.push(one);
  }
  return { resources, changes };
}

function parse(call: Call, text: string): Taint {
  const fail = (why: string): never => {
    throw new UsageError(why, call.command);
  };
  const parts = text.split(':');
  if (parts.length > 2) fail(`invalid taint spec: ${text}`);
  const effect = parts[1] ?? '';
  if (parts.length === 2 && !['NoSchedule', 'PreferNoSchedule', 'NoExecute'].includes(effect)) fail(`invalid taint effect: ${effect}, unsupported taint effect`);
  const pair = parts.length === 2 ? parts[0]!.split('=') : [parts[0]!];
  if (pair.length > 2) fail(`invalid taint spec: ${text}`);
  const [key, value] = pair as [string, string?];
  const wrong = [...(value === undefined ? [] : isValidLabelValue(value))];
  if (wrong.length > 0) fail(`invalid taint spec: ${text}, ${wrong.join('; ')}`);
  const wrongKey = isQualifiedName(key);
  if (wrongKey.length > 0) fail(`invalid taint spec: ${text}, ${wrongKey.join('; ')}`);
  return { key, effect, ...(value && { value }) };
}

const same = (a: { key: string; effect: string }, b: { key: string; effect: string }) => a.key === b.key && a.effect === b.effect;

function checkBoth({ add, remove }: Changes): void {
  const both = remove.filter(({ key, effect }) => add.some((one) => one.key === key && (!effect || one.effect === effect)));
  if (both.length === 0) return;
  throw new CommandError(`can not both modify and remove the following taint(s) in the same command: ${both.map(({ key, effect }) => `${key}=${effect}`).join(', ')}`);
}

function reorganized(call: Call, present: readonly Taint[], { add, remove }: Changes): { taints: Taint[]; done: string } {
  let taints = [...add, ...present.filter((old) => !add.some((one) => same(one, old)))];
  const added = taints.length !== present.length;
  let deleted = false;
  for (const { key, effect } of remove) {
    const kept = taints.filter((one) => one.key !== key || (effect !== '' && one.effect !== effect));
    deleted = kept.length !== taints.length;
    if (!deleted) throw new CommandError(`taint ${JSON.stringify(effect ? `${key}:${effect}` : key)} not found`);
    taints = kept;
  }
  return { taints, done: (added && deleted) || call.flags.bool('overwrite') ? 'modified' : added ? 'tainted' : 'untainted' };
}
