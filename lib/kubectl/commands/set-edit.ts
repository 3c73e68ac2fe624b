// What the commands of `kubectl set` have in common: which objects are meant, and how a pod template is changed.
import { StatusError } from '../../api/index.ts';
import { change, podSpecOf } from '../change.ts';
import { CommandError, throwAll } from '../errors.ts';
import { bool, type Flag, string } from '../flags.ts';
import { Reporter } from '../print.ts';
import { forEach, resolve } from '../resolve.ts';
import type { Call, Info } from '../session.ts';
import { dryRunFlag, fileFlags, printFlags } from './create.ts';

export type Loose = Record<string, any>;
export const shared: Flag[] = [...printFlags, dryRunFlag, ...fileFlags, string('selector', 'l'), bool('all'), bool('local'), string('field-manager')];
export const needNames = 'one or more resources must be specified as <resource> <name> or <resource>/<name>';

/** Parts `deploy web A=1 B-` into resources and changes. */
export function split(args: readonly string[]): { resources: string[]; pairs: [string, string][]; removed: string[] } {
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

/** `v1.ConfigMap`: the type that Go has for it. */
const goType = ({ apiVersion, resource }: Info) => `${apiVersion.split('/').at(-1)}.${resource.kind}`;

function needFiles(call: Call): void {
  if (call.flags.bool('local') && call.flags.list('filename').length === 0) throw new CommandError("you must specify resources by --filename when --local is set.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'");
}

/** Changes every object that is named, and tells of those that really changed. */
export function edit(call: Call, resources: readonly string[], { done, failed, apply }: { done: string; failed: string; apply(spec: Loose, info: Info): void }): void {
  needFiles(call);
  const { infos, errors } = resolve(call, { args: resources });
  const reporter = new Reporter(call);
  forEach(infos, errors, (info) => {
    const { object, changed } = patching(failed, () => change(call, info, (copy) => {
      const spec = podSpecOf(copy);
      if (!spec) throw new CommandError(`${info.resource.plural}/${info.name} the object is not a pod or does not have a pod template: *${goType(info)}`);
      apply(spec, info);
    }));
    if (changed) reporter.report(info, done, object);
  });
  throwAll(errors);
}

/** A patch that the server refuses is told with what it was for. */
export function patching<T>(failed: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    throw new CommandError(`failed to patch ${failed} ${error.message}`);
  }
}

/** Containers that --containers names. */
export const chosen = (call: Call, spec: Loose): Loose[] => {
  const pattern = call.flags.string('containers') || '*';
  const test = new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);
  return spec.containers.filter((container: Loose) => test.test(container.name));
};
