// kubectl create role, clusterrole, rolebinding, clusterrolebinding.
import type { Manifest, PolicyRule, Subject } from '../../api/index.ts';
import { CommandError, PlainError } from '../errors.ts';
import { list, string } from '../flags.ts';
import { findResource } from '../names.ts';
import type { Call, Command } from '../session.ts';

type Generator = (name: string, options: Omit<Command, 'name' | 'run'> & { make(call: Call): Manifest; what?: string }) => Command;

const group = 'rbac.authorization.k8s.io';
const apiVersion = `${group}/v1`;
const standardVerbs = ['*', 'get', 'delete', 'list', 'create', 'update', 'patch', 'watch', 'proxy', 'deletecollection', 'use', 'bind', 'escalate', 'impersonate'];
const urlVerbs = ['get', 'post', 'put', 'delete', 'patch', 'head', 'options', '*'];
/** Verbs that only some resources know: `resource.group`. */
const special: Record<string, string[]> = {
  use: ['podsecuritypolicies.policy', 'podsecuritypolicies.extensions'],
  bind: ['roles', 'clusterroles'].map((resource) => `${resource}.${group}`),
  escalate: ['roles', 'clusterroles'].map((resource) => `${resource}.${group}`),
  impersonate: ['users.', 'serviceaccounts.', 'groups.', 'userextras.authentication.k8s.io'],
};

interface Asked {
  resource: string;
  group: string;
  subresource: string;
  known: boolean;
}

/** `deployments.apps/scale`; short names count. */
function askedFor(call: Call, text: string): Asked {
  const slash = text.indexOf('/');
  const [type, subresource] = slash < 0 ? [text, ''] : [text.slice(0, slash), text.slice(slash + 1)];
  const [resource = '', ...rest] = type.split('.');
  const found = findResource(type, call.version);
  return found ? { resource: found.plural, group: found.group, subresource, known: true } : { resource, group: rest.join('.'), subresource, known: false };
}

function verbsOf(call: Call): string[] {
  const verbs = call.flags.list('verb').filter(Boolean);
  return verbs.includes('*') ? ['*'] : [...new Set(verbs)];
}

function resourcesOf(call: Call): Asked[] {
  const asked = call.flags.list('resource').filter(Boolean).map((text) => askedFor(call, text));
  const everything = asked.find((one) => one.resource === '*' && !one.group && !one.subresource);
  return everything ? [everything] : asked;
}

function checkResources(call: Call, verbs: readonly string[], resources: readonly Asked[]): void {
  for (const verb of verbs) if (!standardVerbs.includes(verb)) call.out.error(`Warning: '${verb}' is not a standard resource verb`);
  for (const one of resources) {
    if (!one.resource) throw new CommandError('resource must be specified if apiGroup/subresource specified');
    if (one.resource === '*') return;
    const limited = verbs.filter((verb) => special[verb]);
    for (const verb of limited) if (!special[verb]!.includes(`${one.resource}.${one.group}`)) throw new CommandError(`can not perform '${verb}' on '${one.resource}' in group '${one.group}'`);
    if (!one.known && limited.length === 0) throw new PlainError(`the server doesn't have a resource type ${JSON.stringify(one.resource)}${one.group ? ` in group ${JSON.stringify(one.group)}` : ''}`);
  }
}

/** One rule for the resources of each group. */
function resourceRules(call: Call, verbs: readonly string[], resources: readonly Asked[]): PolicyRule[] {
  const byGroup = new Map<string, Set<string>>();
  for (const one of resources) {
    if (!byGroup.has(one.group)) byGroup.set(one.group, new Set());
    byGroup.get(one.group)!.add(one.subresource ? `${one.resource}/${one.subresource}` : one.resource);
  }
  const names = [...new Set(call.flags.all('resource-name'))];
  return [...byGroup].sort(([a], [b]) => (a < b ? -1 : 1)).map(([apiGroup, list]) => ({ apiGroups: [apiGroup], ...(names.length > 0 && { resourceNames: names }), resources: [...list], verbs }));
}

function roleRules(call: Call): PolicyRule[] {
  const [verbs, resources] = [verbsOf(call), resourcesOf(call)];
  if (verbs.length === 0) throw new CommandError('at least one verb must be specified');
  if (resources.length === 0) throw new CommandError('at least one resource must be specified');
  checkResources(call, verbs, resources);
  return resourceRules(call, verbs, resources);
}

function clusterRoleRules(call: Call): PolicyRule[] {
  const [verbs, resources, urls] = [verbsOf(call), resourcesOf(call), [...new Set(call.flags.list('non-resource-url').filter(Boolean))]];
  if (verbs.length === 0) throw new CommandError('at least one verb must be specified');
  if (resources.length === 0 && urls.length === 0) throw new CommandError('one of resource or nonResourceURL must be specified');
  if (resources.length > 0) checkResources(call, verbs, resources);
  for (const url of urls) checkUrl(url, verbs);
  return [...resourceRules(call, verbs, resources), ...(urls.length > 0 ? [{ nonResourceURLs: urls, verbs }] : [])];
}

function checkUrl(url: string, verbs: readonly string[]): void {
  const unknown = verbs.find((verb) => !urlVerbs.includes(verb));
  if (unknown !== undefined) throw new CommandError(`invalid verb: '${unknown}' for nonResourceURL`);
  if (url === '*') return;
  if (!url.startsWith('/')) throw new CommandError('nonResourceURL should start with /');
  if (url.slice(0, -1).includes('*')) throw new CommandError("nonResourceURL only supports wildcard matches when '*' is at the end");
}

function aggregation(call: Call): Record<string, string> | undefined {
  const pairs = call.flags.list('aggregation-rule').filter(Boolean);
  if (pairs.length === 0) return undefined;
  if (['verb', 'resource', 'resource-name', 'non-resource-url'].some((flag) => call.flags.has(flag))) {
    throw new CommandError('aggregation rule must be specified without nonResourceURLs, verbs, resources or resourceNames');
  }
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}

function subjectsOf(call: Call): Subject[] {
  const named = (kind: string, flag: string) => call.flags.all(flag).map((name) => ({ apiGroup: group, kind, name }));
  const accounts = call.flags.all('serviceaccount').map((text) => {
    const [namespace, name, ...more] = text.split(':');
    if (!namespace || !name || more.length > 0) throw new CommandError('serviceaccount must be <namespace>:<name>');
    return { kind: 'ServiceAccount', name, namespace };
  });
  return [...named('User', 'user'), ...named('Group', 'group'), ...accounts];
}

const ruleFlags = [list('verb'), list('resource'), list('resource-name')];
const subjectFlags = [list('user'), list('group'), list('serviceaccount')];

export function rbacGenerators(generator: Generator, nameArgument: (call: Call) => string): Command[] {
  const metadata = (call: Call) => ({ creationTimestamp: null, name: nameArgument(call) }) as unknown as Manifest['metadata'];
  const binding = (call: Call, kind: string, roleRef: { kind: string; name: string }): Manifest => {
    const subjects = subjectsOf(call);
    return { apiVersion, kind, metadata: metadata(call), roleRef: { apiGroup: group, ...roleRef }, ...(subjects.length > 0 && { subjects }) };
  };
  return [
    generator('role', {
      what: '',
      short: 'Create a role with single rule',
      usage: 'NAME --verb=verb --resource=resource.group/subresource [--resource-name=resourcename] [--dry-run=server|client|none]',
      flags: ruleFlags,
      make: (call) => ({ apiVersion, kind: 'Role', metadata: metadata(call), rules: roleRules(call) }),
    }),
    generator('clusterrole', {
      what: '',
      short: 'Create a cluster role',
      usage: 'NAME --verb=verb --resource=resource.group [--resource-name=resourcename] [--dry-run=server|client|none]',
      flags: [...ruleFlags, list('non-resource-url'), list('aggregation-rule')],
      make(call) {
        const matchLabels = aggregation(call);
        const base = { apiVersion, kind: 'ClusterRole', metadata: metadata(call) };
        return matchLabels ? { ...base, aggregationRule: { clusterRoleSelectors: [{ matchLabels }] }, rules: null } : { ...base, rules: clusterRoleRules(call) };
      },
    }),
    generator('rolebinding', {
      what: 'rolebinding:',
      short: 'Create a role binding for a particular role or cluster role',
      usage: 'NAME --clusterrole=NAME|--role=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]',
      flags: [string('clusterrole'), string('role'), ...subjectFlags],
      make(call) {
        const [clusterRole, role] = [call.flags.string('clusterrole'), call.flags.string('role')];
        nameArgument(call);
        if (Boolean(clusterRole) === Boolean(role)) throw new CommandError('exactly one of clusterrole or role must be specified');
        return binding(call, 'RoleBinding', role ? { kind: 'Role', name: role } : { kind: 'ClusterRole', name: clusterRole });
      },
    }),
    generator('clusterrolebinding', {
      what: 'clusterrolebinding:',
      short: 'Create a cluster role binding for a particular cluster role',
      usage: 'NAME --clusterrole=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]',
      flags: [string('clusterrole'), ...subjectFlags],
      make(call) {
        if (!call.flags.has('clusterrole')) throw new CommandError('required flag(s) "clusterrole" not set');
        return binding(call, 'ClusterRoleBinding', { kind: 'ClusterRole', name: call.flags.string('clusterrole') });
      },
    }),
  ];
}
