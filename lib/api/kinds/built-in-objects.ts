// Objects that every API server makes for itself: its own APIServices, flow schemas and priority levels.
import { discovery } from '../discovery.ts';
import { findResource, servedVersions } from './index.ts';
import type { KubeObject } from '../types.ts';
import type { Version } from '../version.ts';

type Draft = Omit<KubeObject, 'metadata'> & { metadata: Record<string, unknown> & { name: string } };

/** groupPriorityMinimum (cmd/kube-apiserver/app/aggregator.go) */
const groupPriorities: Record<string, number> = Object.fromEntries(
  `apps 17800|events.k8s.io 17750|authentication.k8s.io 17700|authorization.k8s.io 17600|autoscaling 17500|batch 17400|certificates.k8s.io 17300|networking.k8s.io 17200|extensions 17150|policy 17100|rbac.authorization.k8s.io 17000|storage.k8s.io 16800|admissionregistration.k8s.io 16700|apiextensions.k8s.io 16700|scheduling.k8s.io 16600|coordination.k8s.io 16500|node.k8s.io 16300|discovery.k8s.io 16200|flowcontrol.apiserver.k8s.io 16100|internal.apiserver.k8s.io 16000`
    .split('|')
    .map((row) => row.split(' '))
    .map(([group, priority]) => [group!, Number(priority)]),
);
/** versionPriority where it is not 15 for v1, 9 for the others. */
const versionPriorities: Record<string, number> = {
  v1: 1,
  ...Object.fromEntries(['admissionregistration.k8s.io', 'discovery.k8s.io', 'flowcontrol.apiserver.k8s.io', 'rbac.authorization.k8s.io', 'scheduling.k8s.io'].map((group) => [`${group}/v1beta1`, 12])),
  ...{ 'autoscaling/v2': 30, 'autoscaling/v2beta2': 1, 'events.k8s.io/v1beta1': 5, 'extensions/v1beta1': 1, 'flowcontrol.apiserver.k8s.io/v1': 21, 'flowcontrol.apiserver.k8s.io/v1beta3': 18, 'node.k8s.io/v1alpha1': 1, 'policy/v1': 15, 'storage.k8s.io/v1alpha1': 1 },
};

/** The APIService of a version that this server answers itself. */
export function apiService({ group, version }: { group: string; version: string }, { now, automanaged, priorities }: { now: string; automanaged: 'onstart' | 'true'; priorities: [group: number, version: number] }): Draft {
  return {
    kind: 'APIService',
    apiVersion: 'apiregistration.k8s.io/v1',
    metadata: { name: `${version}.${group}`, labels: { 'kube-aggregator.kubernetes.io/automanaged': automanaged } },
    spec: { ...(group && { group }), version, groupPriorityMinimum: priorities[0], versionPriority: priorities[1] },
    status: { conditions: [{ type: 'Available', status: 'True', lastTransitionTime: now, reason: 'Local', message: 'Local APIServices are always available' }] },
  };
}

function apiServices(version: Version, now: string): Draft[] {
  const groups = discovery(version).apiGroupList().groups.filter(({ name }) => name !== 'apiregistration.k8s.io' && groupPriorities[name]);
  const all = [{ group: '', version: 'v1' }, ...groups.flatMap(({ name, versions }) => versions.map((one) => ({ group: name, version: one.version })))];
  return all.map((one) => {
    const groupVersion = one.group ? `${one.group}/${one.version}` : one.version;
    return apiService(one, { now, automanaged: 'onstart', priorities: [groupPriorities[one.group] ?? 18000, versionPriorities[groupVersion] ?? (one.version === 'v1' ? 15 : 9)] });
  });
}

const group = 'flowcontrol.apiserver.k8s.io';
/** The newest version of the group that a release serves. */
const flowVersion = (version: Version) => servedVersions(findResource('FlowSchema')!, version)[0] ?? 'v1beta1';

/** name, shares, queues, hand size; shares alone: what is too much is refused; nothing: no limit. */
const levels: [name: string, shares?: number, queues?: number, handSize?: number][] = [['catch-all', 5], ['exempt'], ['global-default', 20, 128, 6], ['leader-election', 10, 16, 4], ['system', 30, 64, 6], ['workload-high', 40, 128, 6], ['workload-low', 100, 128, 6]];

function priorityLevels(version: Version): Draft[] {
  const shares = version.has('nominal-concurrency-shares') ? 'nominalConcurrencyShares' : 'assuredConcurrencyShares';
  const nodeHigh: typeof levels = version.has('node-high-priority-level') ? [['node-high', 40, 64, 6]] : [];
  return [...levels, ...nodeHigh].map(([name, count, queues, handSize]) => ({
    kind: 'PriorityLevelConfiguration',
    apiVersion: `${group}/${flowVersion(version)}`,
    metadata: { name, generation: 1 },
    spec: count === undefined ? { type: 'Exempt' } : { type: 'Limited', limited: { [shares]: count, limitResponse: queues ? { type: 'Queue', queuing: { queues, handSize, queueLengthLimit: 50 } } : { type: 'Reject' } } },
    status: {},
  }));
}

const every = { resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'], clusterScope: true, namespaces: ['*'] }], nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }] };
const election = (namespace: string) => ({
  resourceRules: [
    { verbs: ['get', 'create', 'update'], apiGroups: [''], resources: ['endpoints', 'configmaps'], namespaces: [namespace] },
    { verbs: ['get', 'create', 'update'], apiGroups: ['coordination.k8s.io'], resources: ['leases'], namespaces: ['*'] },
  ],
});
const named = (kind: 'Group' | 'User') => (name: string) => ({ kind, [kind.toLowerCase()]: { name } });
const [toGroup, toUser] = [named('Group'), named('User')];
const systemAccounts = { kind: 'ServiceAccount', serviceAccount: { namespace: 'kube-system', name: '*' } };
const [manager, scheduler] = [toUser('system:kube-controller-manager'), toUser('system:kube-scheduler')];
const everybody = [toGroup('system:unauthenticated'), toGroup('system:authenticated')];

type Flow = [name: string, level: string, precedence: number, by: '' | 'ByUser' | 'ByNamespace', subjects: object[], rules?: object];
const flows: Flow[] = [
  ['catch-all', 'catch-all', 10000, 'ByUser', everybody],
  ['exempt', 'exempt', 1, '', [toGroup('system:masters')]],
  ['global-default', 'global-default', 9900, 'ByUser', everybody],
  ['kube-controller-manager', 'workload-high', 800, 'ByNamespace', [manager]],
  ['kube-scheduler', 'workload-high', 800, 'ByNamespace', [scheduler]],
  ['kube-system-service-accounts', 'workload-high', 900, 'ByNamespace', [systemAccounts]],
  ['service-accounts', 'workload-low', 9000, 'ByUser', [toGroup('system:serviceaccounts')]],
  ['system-leader-election', 'leader-election', 100, 'ByUser', [manager, scheduler, systemAccounts], election('kube-system')],
  ['system-nodes', 'system', 500, 'ByUser', [toGroup('system:nodes')]],
  ['workload-leader-election', 'leader-election', 200, 'ByUser', [systemAccounts], election('*')],
];

function flowSchemas(version: Version, now: string): Draft[] {
  return flows.map(([name, level, matchingPrecedence, by, subjects, rules = every]) => ({
    kind: 'FlowSchema',
    apiVersion: `${group}/${flowVersion(version)}`,
    metadata: { name, generation: 1 },
    spec: { priorityLevelConfiguration: { name: level }, matchingPrecedence, ...(by && { distinguisherMethod: { type: by } }), rules: [{ subjects, ...rules }] },
    status: { conditions: [{ type: 'Dangling', status: 'False', lastTransitionTime: now, reason: 'Found', message: `This FlowSchema references the PriorityLevelConfiguration object named ${JSON.stringify(level)} and it exists` }] },
  }));
}

/** By kind; made when somebody looks. Differs from Kubernetes: flow schemas of releases after v1.20 are those of v1.20, with the priority level of nodes. */
export const builtInObjects: Record<string, (version: Version, now: string) => Draft[]> = { APIService: apiServices, FlowSchema: flowSchemas, PriorityLevelConfiguration: priorityLevels };
