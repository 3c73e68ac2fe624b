// kubectl set selector and set subject: whom a service selects, whom a binding names.
import { parseSelector } from '../../api/index.ts';
import { change } from '../change.ts';
import { CommandError, throwAll } from '../errors.ts';
import { list, string } from '../flags.ts';
import { Reporter } from '../print.ts';
import { forEach, resolve } from '../resolve.ts';
import type { Command } from '../session.ts';
import { type Loose, patching, shared } from './set-edit.ts';

export const selector: Command = {
  name: 'selector',
  short: 'Set the selector on a resource',
  usage: '(-f FILENAME | TYPE NAME) EXPRESSIONS [--resource-version=version]',
  flags: [...shared, string('resource-version')],
  run(call) {
    const reporter = new Reporter(call, { typed: true });
    if (call.args.length === 0) throw new CommandError('one selector is required');
    const { requirements } = parseSelector(call.args.at(-1)!);
    const { infos, errors } = resolve(call, { args: call.args.slice(0, -1) });
    forEach(infos, errors, (info) => {
      if (info.resource.kind !== 'Service') throw new CommandError(`setting a selector is only supported for Services`);
      const labels = equalities(requirements);
      const { object } = change(call, info, (copy) => {
        copy.spec.selector = labels;
      });
      reporter.report(info, 'selector updated', object);
    });
    throwAll(errors);
  },
};

const words: Record<string, string> = { in: 'In', notin: 'NotIn', '!=': 'NotIn', exists: 'Exists', '!': 'DoesNotExist' };

/** A service selects by equal labels alone. */
function equalities(requirements: ReturnType<typeof parseSelector>['requirements']): Record<string, string> {
  const others = requirements.filter(({ operator }) => operator !== '=' && operator !== '==');
  if (others.length > 0) throw new CommandError(`match expression [${others.map(({ key, operator, values }) => `{${key} ${words[operator] ?? operator} [${values.join(' ')}]}`).join(' ')}] not supported on this object`);
  return Object.fromEntries(requirements.map(({ key, values }) => [key, values[0]!]));
}

export const subject: Command = {
  name: 'subject',
  short: 'Update the user, group, or service account in a role binding or cluster role binding',
  usage: '(-f FILENAME | TYPE NAME) [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]',
  flags: [...shared, list('user'), list('group'), list('serviceaccount')],
  run(call) {
    const { flags } = call;
    const reporter = new Reporter(call, { typed: true });
    const added = () => [
      ...flags.list('user').map((name) => ({ apiGroup: rbac, kind: 'User', name })),
      ...flags.list('group').map((name) => ({ apiGroup: rbac, kind: 'Group', name })),
      ...flags.list('serviceaccount').map(account),
    ];
    const { infos, errors } = resolve(call, { all: 'allowed' });
    throwAll(errors);
    if (added().length === 0) throw new CommandError('you must specify at least one value of user, group or serviceaccount');
    forEach(infos, errors, (info) => {
      if (!['RoleBinding', 'ClusterRoleBinding'].includes(info.resource.kind)) throw new CommandError(`${info.resource.plural}/${info.name} setting subjects is only supported for RoleBinding/ClusterRoleBinding`);
      const { object, changed } = patching('subjects to rolebinding:', () => change(call, info, (copy) => {
        const present = (copy.subjects ?? []) as Loose[];
        copy.subjects = [...present, ...added().filter((one: Loose) => !present.some(({ kind, name, namespace }) => kind === one.kind && name === one.name && namespace === one.namespace))];
      }));
      if (changed) reporter.report(info, 'subjects updated', object);
    });
    throwAll(errors);
  },
};

const rbac = 'rbac.authorization.k8s.io';

function account(text: string): Loose {
  const [namespace, name, ...rest] = text.split(':');
  if (!namespace || !name || rest.length > 0) throw new CommandError('serviceaccount must be <namespace>:<name>');
  return { kind: 'ServiceAccount', name, namespace };
}
