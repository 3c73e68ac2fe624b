import { allVerbs, type Context, type Resource, type Strategy } from '../resource.ts';
import type { KubeObject, Node } from '../types.ts';
import { age, ageColumn, column, nameColumn, wide } from './cells.ts';
import { validateNode, validateNodeUpdate } from './node-validation.ts';
import { canonicalResources } from './pod-spec/quantities.ts';

const systemInfo = ['machineID', 'systemUUID', 'bootID', 'kernelVersion', 'osImage', 'containerRuntimeVersion', 'kubeletVersion', 'kubeProxyVersion', 'operatingSystem', 'architecture'];

const emptyInfo = Object.fromEntries(systemInfo.map((field) => [field, '']));

/**
 * Fields that are always printed, and the allocatable resources where the kubelet reports only capacity. The parts of
 * a status may be shared with what is stored, so they are replaced, never changed.
 */
function completeStatus(status: Record<string, any> = {}): Record<string, any> {
  const { capacity, conditions, daemonEndpoints, nodeInfo } = status;
  const allocatable = status.allocatable ?? capacity;
  return {
    ...status,
    ...(capacity && { capacity: canonicalised(capacity) }),
    ...(allocatable && { allocatable: canonicalised(allocatable) }),
    ...(conditions && { conditions: conditions.map((condition: object) => ({ lastHeartbeatTime: null, lastTransitionTime: null, ...condition })) }),
    daemonEndpoints: { ...daemonEndpoints, kubeletEndpoint: { Port: 0, ...daemonEndpoints?.kubeletEndpoint } },
    nodeInfo: { ...emptyInfo, ...nodeInfo },
  };
}

function canonicalised(list: Record<string, string>): Record<string, string> {
  const copy = { ...list };
  canonicalResources(copy);
  return copy;
}

/** podCIDR is the first of podCIDRs; where they differ podCIDR is right. */
function syncRanges(spec: Record<string, any>): void {
  const { podCIDR, podCIDRs } = spec;
  if (podCIDR && podCIDRs?.[0] !== podCIDR) spec.podCIDRs = [podCIDR];
  else if (!podCIDR && podCIDRs?.[0]) spec.podCIDR = podCIDRs[0];
}

/** Before dual stack a node kept only its first range. */
function dropSecondRange({ spec }: KubeObject, { version }: Context, old?: KubeObject): void {
  if (spec.podCIDRs?.length > 1 && !version.has('dual-stack') && !(old?.spec.podCIDRs?.length > 1)) spec.podCIDRs = spec.podCIDRs.slice(0, 1);
}

const strategy: Strategy = {
  repeatedMetadataChecks: ['object', 'update'],
  defaults(node) {
    syncRanges((node.spec ??= {}));
    if (node.spec.unschedulable === false) delete node.spec.unschedulable;
    node.status = completeStatus(node.status);
  },
  prepareForCreate: (node, context) => dropSecondRange(node, context),
  prepareForUpdate(node, old, context) {
    node.status = old.status;
    if (node.spec !== old.spec) dropSecondRange(node, context, old);
  },
  prepareForStatusUpdate(node, old) {
    node.spec = old.spec;
    node.status = completeStatus(node.status);
  },
  validate: (node, context) => validateNode(node, context),
  validateUpdate: (node, old, context) => [...validateNode(node, context), ...validateNodeUpdate(node, old, context)],
  validateStatusUpdate: (node, old, context) => validateNodeUpdate(node, old, context),
  fields: ({ spec }) => ({ 'spec.unschedulable': String(spec?.unschedulable === true) }),
  generation: false,
};

/** `Ready`, `NotReady,SchedulingDisabled` … */
function statusCell({ spec, status }: Node): string {
  const ready = (status?.conditions ?? []).filter(({ type }) => type === 'Ready').at(-1);
  const words = [ready ? (ready.status === 'True' ? 'Ready' : 'NotReady') : 'Unknown'];
  if (spec.unschedulable) words.push('SchedulingDisabled');
  return words.join(',');
}

const rolePrefix = 'node-role.kubernetes.io/';

/** From labels `node-role.kubernetes.io/<role>` and `kubernetes.io/role=<role>`. */
function nodeRoles(labels: Record<string, string> = {}): string[] {
  const roles = new Set<string>();
  for (const key in labels) {
    if (key.startsWith(rolePrefix) && key.length > rolePrefix.length) roles.add(key.slice(rolePrefix.length));
    else if (key === 'kubernetes.io/role' && labels[key]) roles.add(labels[key]);
  }
  return [...roles].sort();
}

function cells(object: KubeObject, now: number): (string | number)[] {
  const node = object as Node;
  const info = node.status?.nodeInfo;
  const address = (type: string) => node.status?.addresses?.find((a) => a.type === type)?.address ?? '<none>';
  return [
    node.metadata.name,
    statusCell(node),
    nodeRoles(node.metadata.labels).join(',') || '<none>',
    age(object, now),
    info?.kubeletVersion ?? '',
    address('InternalIP'),
    address('ExternalIP'),
    info?.osImage || '<unknown>',
    info?.kernelVersion || '<unknown>',
    info?.containerRuntimeVersion || '<unknown>',
  ];
}

export const node: Resource = {
  kind: 'Node',
  group: '',
  plural: 'nodes',
  singular: 'node',
  shortNames: ['no'],
  namespaced: false,
  versions: [{ version: 'v1' }],
  etcdPath: 'minions',
  verbs: allVerbs,
  subresources: [
    { name: 'proxy', kind: 'NodeProxyOptions', verbs: ['create', 'delete', 'get', 'patch', 'update'] },
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
  strategy,
  columns: [nameColumn, column('Status'), column('Roles'), ageColumn, column('Version'), wide('Internal-IP'), wide('External-IP'), wide('OS-Image'), wide('Kernel-Version'), wide('Container-Runtime')],
  cells,
};
