// What the commands of `kubectl set` have in common: which objects are meant, and how a pod template is changed.
import { StatusError } from '../../api/index.ts';
import { change, podSpecOf } from '../change.ts';
import { CommandError, throwAll } from '../errors.ts';
import { bool, type Flag, string } from '../flags.ts';
import type { Reporter } from '../print.ts';
import { forEach, resolve } from '../resolve.ts';
import type { Call, Info } from '../session.ts';
import { dryRunFlag, fileFlags, printFlags } from './create.ts';

export type Loose = Record<string, any>;
export const shared: Flag[] = [...printFlags, dryRunFlag, ...fileFlags, string('selector', 'l'), bool('all'), bool('local'), string('field-manager')];
export const needNames = 'one or more resources must be specified as <resource> <name> or <resource>/<name>';

/** `v1.ConfigMap`: the type that Go has for it. */
const goType = ({ apiVersion, resource }: Info) => `${apiVersion.split('/').at(-1)}.${resource.kind}`;

/** Changes every object that is named, and tells of those that really changed. */
export function edit(call: Call, resources: readonly string[], { done, failed, reporter, apply }: { done: string; failed: string; reporter: Reporter; apply(spec: Loose, info: Info): void }): void {
  const { infos, errors } = resolve(call, { args: call.flags.bool('local') ? [] : resources, local: call.flags.bool('local'), all: 'allowed' });
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
