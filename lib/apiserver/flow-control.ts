// Which FlowSchema and priority level a request belongs to (apiserver/pkg/util/flowcontrol/rule.go).
// Differs from Kubernetes: requests are classified and told so, but none waits in a queue, since all are answered at once.
import type { KubeObject } from '../api/index.ts';
import type { UserInfo } from './authentication.ts';
import type { AuthorizationAttributes } from './authorization.ts';

interface Subject {
  kind: 'User' | 'Group' | 'ServiceAccount';
  user?: { name: string };
  group?: { name: string };
  serviceAccount?: { namespace: string; name: string };
}

interface Rules {
  subjects: readonly Subject[];
  resourceRules?: readonly { verbs: readonly string[]; apiGroups: readonly string[]; resources: readonly string[]; clusterScope?: boolean; namespaces?: readonly string[] }[];
  nonResourceRules?: readonly { verbs: readonly string[]; nonResourceURLs: readonly string[] }[];
}

interface FlowSchema extends KubeObject {
  spec: { matchingPrecedence?: number; priorityLevelConfiguration: { name: string }; rules?: readonly Rules[] };
}

const has = (list: readonly string[] = [], wanted: string) => list.includes(wanted) || list.includes('*');

/** Lists are new ones only after a change. */
const ordered = new WeakMap<readonly KubeObject[], FlowSchema[]>();

function inOrder(schemas: readonly KubeObject[]): FlowSchema[] {
  let sorted = ordered.get(schemas);
  if (!sorted) {
    const precedence = ({ spec }: FlowSchema) => spec.matchingPrecedence ?? 1000;
    ordered.set(schemas, (sorted = (schemas as FlowSchema[]).toSorted((a, b) => precedence(a) - precedence(b) || (a.metadata.name < b.metadata.name ? -1 : 1))));
  }
  return sorted;
}

/** The first that matches, and its level. Undefined where there are none. */
export function flowOf(attributes: AuthorizationAttributes, schemas: readonly KubeObject[], levels: readonly KubeObject[]): { schema: KubeObject; level: KubeObject } | undefined {
  const schema = inOrder(schemas).find(({ spec }) => spec.rules?.some((rules) => matches(rules, attributes)));
  const level = schema && levels.find(({ metadata }) => metadata.name === schema.spec.priorityLevelConfiguration.name);
  return level && { schema, level };
}

function matches({ subjects, resourceRules = [], nonResourceRules = [] }: Rules, { user, verb, path, resource }: AuthorizationAttributes): boolean {
  if (!subjects.some((subject) => isSubject(subject, user))) return false;
  if (!resource) return nonResourceRules.some(({ verbs, nonResourceURLs }) => has(verbs, verb) && nonResourceURLs.some((url) => url === '*' || url === path || path.startsWith(url.replace(/\*$/, '').replace(/\/?$/, '/'))));
  const { group, plural, subresource, namespace } = resource;
  return resourceRules.some((rule) => has(rule.verbs, verb) && has(rule.resources, subresource ? `${plural}/${subresource}` : plural) && has(rule.apiGroups, group) && (namespace ? has(rule.namespaces, namespace) : rule.clusterScope === true));
}

function isSubject({ kind, user, group, serviceAccount }: Subject, { name, groups }: UserInfo): boolean {
  if (kind === 'User') return user !== undefined && (user.name === '*' || user.name === name);
  if (kind === 'Group') return group !== undefined && (group.name === '*' || groups.includes(group.name));
  if (!serviceAccount) return false;
  const prefix = `system:serviceaccount:${serviceAccount.namespace}:`;
  return serviceAccount.name === '*' ? name.startsWith(prefix) : name === prefix + serviceAccount.name;
}
