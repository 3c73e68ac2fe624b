// The default roles and bindings, as objects of one release. Made when somebody first asks, and shared by all clusters.
import { aggregatedRules, type ChangeName, freeze, type KubeObject, type Manifest, type PolicyRule, type Subject, type Version } from '../../api/index.ts';
import { clusterRoleBindings, roleBindings, roles } from './bootstrap/bindings.ts';
import { clusterRoles } from './bootstrap/cluster-roles.ts';
import { controllerRoles } from './bootstrap/controller-roles.ts';

const group = 'rbac.authorization.k8s.io';
const controllers = 'system:controller:';
const words = (text = '') => text.split(' ').filter(Boolean);

/** Splits off `@+change` and `@-change`; false when the line is not in force. */
function inForce(line: string, { has }: Version): string | false {
  const marks = words(line).filter((word) => /^@[+-]/.test(word));
  if (!marks.every((mark) => has(mark.slice(2) as ChangeName) === (mark[1] === '+'))) return false;
  return line.replace(/ @[+-].*/, '');
}

interface Row {
  name: string;
  namespace?: string;
  /** `to:edit`, `from:edit`, `role:view`. */
  options: Record<string, string>;
  /** What follows the first bar, and the lines below. */
  rest: string;
  lines: string[];
}

function rowsOf(table: string, version: Version): Row[] {
  const rows: Row[] = [];
  let skipping = false;
  for (const line of table.trim().split('\n')) {
    const text = inForce(line.trim(), version);
    if (line.startsWith(' ')) {
      if (!skipping && text !== false) rows.at(-1)!.lines.push(text);
      continue;
    }
    skipping = text === false;
    if (text !== false) rows.push(rowOf(text));
  }
  return rows;
}

function rowOf(text: string): Row {
  const [head, rest = ''] = text.split(' | ');
  const [place, ...options] = words(head);
  const [first, second] = place!.split('/');
  const pairs = options.map((option) => [option.slice(0, option.indexOf(':')), option.slice(option.indexOf(':') + 1)]);
  return { name: second ?? first!, ...(second && { namespace: first! }), options: Object.fromEntries(pairs), rest, lines: [] };
}

const events = 'core events.k8s.io | events | create patch update';

function ruleOf(line: string): PolicyRule {
  const [groups, resources, verbs, names] = (line === 'events' ? events : line).split(' | ');
  if (groups === 'url') return { nonResourceURLs: words(resources), verbs: words(verbs) };
  const apiGroups = words(groups).map((word) => (word === 'core' ? '' : word));
  return { apiGroups, ...(names && { resourceNames: words(names) }), resources: words(resources), verbs: words(verbs) };
}

function metadataOf({ name, namespace, options }: Row): Manifest['metadata'] {
  return {
    annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' },
    labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults', ...(options.to && { [`${group}/aggregate-to-${options.to}`]: 'true' }) },
    name,
    ...(namespace && { namespace }),
  };
}

const objectOf = (kind: string, row: Row, rest: object) => ({ kind, apiVersion: `${group}/v1`, metadata: metadataOf(row), ...rest }) as KubeObject;

function roleOf(kind: string, row: Row): KubeObject {
  const { from } = row.options;
  const aggregationRule = from && { clusterRoleSelectors: [{ matchLabels: { [`${group}/aggregate-to-${from}`]: 'true' } }] };
  return objectOf(kind, row, { ...(aggregationRule && { aggregationRule }), rules: aggregationRule ? null : row.lines.map(ruleOf) });
}

function bindingOf(kind: string, row: Row): KubeObject {
  const subjects = words(row.rest).map(subjectOf);
  const roleRef = { apiGroup: group, kind: kind === 'RoleBinding' ? 'Role' : 'ClusterRole', name: row.options.role ?? row.name };
  return objectOf(kind, row, { roleRef, ...(subjects.length > 0 && { subjects }) });
}

function subjectOf(text: string): Subject {
  const [kind, name] = [text.slice(0, text.indexOf(':')), text.slice(text.indexOf(':') + 1)];
  if (kind === 'account') return { kind: 'ServiceAccount', name: name.split('/')[1]!, namespace: name.split('/')[0] };
  return { apiGroup: group, kind: kind === 'user' ? 'User' : 'Group', name };
}

const made = new WeakMap<Version, readonly KubeObject[]>();

/**
 * All of them, in the order in which kube-apiserver makes them, without what a cluster adds (uid, time, resourceVersion).
 * Differs from Kubernetes: the roles that gather others have their rules already, which there the controller adds a moment later.
 */
export function policyObjects(version: Version): readonly KubeObject[] {
  let objects = made.get(version);
  if (!objects) made.set(version, (objects = freeze(makePolicy(version))));
  return objects;
}

function makePolicy(version: Version): KubeObject[] {
  const ofControllers = rowsOf(controllerRoles, version).map((row) => ({ ...row, name: controllers + row.name }));
  const cluster = [...rowsOf(clusterRoles, version), ...ofControllers].map((row) => roleOf('ClusterRole', row));
  // From the one that gathers least: `admin` gathers what `edit` has gathered from `view`.
  for (const name of ['view', 'edit', 'admin']) {
    const role = cluster.find(({ metadata }) => metadata.name === name)!;
    role.rules = aggregatedRules(role, cluster);
  }
  const accounts = ofControllers.map((row) => ({ ...row, rest: `account:kube-system/${row.name.slice(controllers.length)}` }));
  return [
    ...cluster,
    ...[...rowsOf(clusterRoleBindings, version), ...accounts].map((row) => bindingOf('ClusterRoleBinding', row)),
    ...rowsOf(roles, version).map((row) => roleOf('Role', row)),
    ...rowsOf(roleBindings, version).map((row) => bindingOf('RoleBinding', row)),
  ];
}

/** What the Node authorizer lets nodes do: the rules of `system:node`, whatever has become of that role. */
export function nodeRules(version: Version): readonly PolicyRule[] {
  return policyObjects(version).find(({ kind, metadata }) => kind === 'ClusterRole' && metadata.name === 'system:node')!.rules;
}
