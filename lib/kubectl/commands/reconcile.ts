// kubectl auth reconcile: brings roles and bindings to what a file says, by what the rules mean rather than how they are written.
import { equal, type KubeObject, type PolicyRule, type Subject, uncovered } from '../../api/index.ts';
import { CommandError, throwBoth } from '../errors.ts';
import { clientKind } from '../names.ts';
import { dryRun, Reporter } from '../print.ts';
import { forEach, lookUp, nothingGiven, resolve } from '../resolve.ts';
import type { Call, Info } from '../session.ts';

interface Plan {
  operation: 'none' | 'create' | 'update' | 'recreate';
  object: KubeObject;
  missing: readonly unknown[];
  extra: readonly unknown[];
}

const what: Record<string, 'rules' | 'subjects'> = { Role: 'rules', ClusterRole: 'rules', RoleBinding: 'subjects', ClusterRoleBinding: 'subjects' };

export function reconcile(call: Call): void {
  if (call.args.length > 0) throw new CommandError('no arguments are allowed');
  if (call.flags.list('filename').length === 0) throw new CommandError(nothingGiven);
  const reporter = new Reporter(call);
  const { infos, errors: inFiles } = resolve(call, { local: true });
  const errors: Error[] = [];
  forEach(infos, errors, (info) => reconcileOne(call, info, reporter));
  throwBoth(inFiles, errors);
}

function reconcileOne(call: Call, info: Info, reporter: Reporter): void {
  const part = what[info.resource.kind];
  if (!part || info.resource.group !== 'rbac.authorization.k8s.io') return;
  const existing = lookUp(call, info);
  const plan = planOf(call, part, existing, info.object!);
  const isProtected = existing?.metadata.annotations?.['rbac.authorization.kubernetes.io/autoupdate'] === 'false';
  const object = isProtected || dryRun(call) === 'client' ? plan.object : carryOut(call, info, plan);
  reporter.report({ ...info, object }, 'reconciled', object);
  if (plan.operation === 'none') return;
  const caveat = isProtected ? ', but object opted out (rbac.authorization.kubernetes.io/autoupdate: false)' : '';
  call.out.error(`\treconciliation required ${plan.operation}${caveat}`);
  tell(call, `missing ${part} added`, plan.missing);
  if (call.flags.bool(part === 'rules' ? 'remove-extra-permissions' : 'remove-extra-subjects')) tell(call, `extra ${part} removed`, plan.extra);
}

function planOf(call: Call, part: 'rules' | 'subjects', existing: KubeObject | undefined, expected: KubeObject): Plan {
  if (!existing) return { operation: 'create', object: expected, missing: expected[part] ?? [], extra: [] };
  if (part === 'subjects' && !equal(existing.roleRef, expected.roleRef)) return { operation: 'recreate', object: expected, missing: [], extra: [] };
  const [missing, extra] = part === 'rules' ? [lack<PolicyRule>(uncovered, existing.rules, expected.rules), lack<PolicyRule>(uncovered, expected.rules, existing.rules)] : [others(existing.subjects, expected.subjects), others(expected.subjects, existing.subjects)];
  const remove = call.flags.bool(part === 'rules' ? 'remove-extra-permissions' : 'remove-extra-subjects');
  const metadata = { ...existing.metadata, ...merged('annotations', existing, expected), ...merged('labels', existing, expected) };
  const changed = missing.length > 0 || (remove && extra.length > 0);
  const value = !changed ? existing[part] : remove ? (expected[part] ?? []) : [...(existing[part] ?? []), ...missing];
  const object = { ...existing, metadata, ...(value !== undefined && { [part]: value }) };
  return { operation: equal(object, existing) ? 'none' : 'update', object, missing, extra };
}

const lack = <T>(compare: (owned: readonly T[], wanted: readonly T[]) => T[], owned?: readonly T[] | null, wanted?: readonly T[] | null) => compare(owned ?? [], wanted ?? []);
const others = (has: readonly Subject[] = [], wanted: readonly Subject[] = []) => wanted.filter((one) => !has.some((other) => equal(one, other)));

/** What is expected first; what is there stays where it says otherwise. */
function merged(field: 'annotations' | 'labels', existing: KubeObject, expected: KubeObject): object {
  const both = { ...expected.metadata[field], ...existing.metadata[field] };
  return Object.keys(both).length > 0 ? { [field]: both } : {};
}

function carryOut(call: Call, info: Info, { operation, object }: Plan): KubeObject {
  if (operation === 'none') return object;
  if (operation === 'update') return call.client.update(object);
  if (operation === 'recreate') call.client.delete({ kind: clientKind(info.resource), metadata: { namespace: info.namespace, name: info.name } });
  else if (info.namespace && !lookUp(call, { resource: call.client.resource('Namespace')!, namespace: '', name: info.namespace })) call.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: info.namespace } });
  return call.client.create(object);
}

function tell(call: Call, title: string, list: readonly unknown[]): void {
  if (list.length === 0) return;
  call.out.error(`\t${title}:`);
  for (const one of list as (PolicyRule & Subject)[]) call.out.error(`\t\t${'verbs' in one ? goRule(one) : goSubject(one)}`);
}

const bracketed = (list: readonly string[] = []) => `[${list.join(' ')}]`;
const goRule = ({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule) =>
  `{Verbs:${bracketed(verbs)} APIGroups:${bracketed(apiGroups)} Resources:${bracketed(resources)} ResourceNames:${bracketed(resourceNames)} NonResourceURLs:${bracketed(nonResourceURLs)}}`;
const goSubject = ({ kind, apiGroup = '', name, namespace = '' }: Subject) => `{Kind:${kind} APIGroup:${apiGroup} Name:${name} Namespace:${namespace}}`;
