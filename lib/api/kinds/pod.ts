import { equal } from '../object.ts';
import { podQOSClass } from '../pod-helpers.ts';
import { allVerbs, type Context, type Resource, type Strategy } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import { podCells, podColumns } from './pod-cells.ts';
import { aliasServiceAccount, defaultPodOnly, defaultPodSpec } from './pod-spec/defaults.ts';
import { dropDisabledFields } from './pod-spec/disabled.ts';
import { ephemeralContainersStrategy } from './pod-spec/ephemeral.ts';
import { resizeStrategy } from './pod-spec/resize.ts';
import { syncSeccomp } from './pod-spec/seccomp.ts';
import { completePodStatus } from './pod-spec/status.ts';
import { validatePodCreate } from './pod-spec/validate-pod.ts';
import { validatePodStatusUpdate } from './pod-spec/validate-status.ts';
import { validatePodUpdate } from './pod-spec/validate-update.ts';

// Differs from Kubernetes: releases since 1.28 select by spec.hostNetwork too.
function fields({ spec, status }: KubeObject): Record<string, string> {
  return {
    'spec.nodeName': spec.nodeName ?? '',
    'spec.host': spec.nodeName ?? '', // its name of old
    'spec.restartPolicy': spec.restartPolicy ?? '',
    'spec.schedulerName': spec.schedulerName ?? '',
    'spec.serviceAccountName': spec.serviceAccountName ?? '',
    'status.phase': status?.phase ?? '',
    'status.podIP': status?.podIPs?.[0]?.ip ?? status?.podIP ?? '',
    'status.podIPs': '', // known, but nothing is ever found by it
    'status.nominatedNodeName': status?.nominatedNodeName ?? '',
  };
}

const strategy: Strategy = {
  repeatedMetadataChecks: ['update', 'object'],
  defaults(pod, { version }) {
    const spec = (pod.spec ??= {});
    defaultPodSpec(spec, version);
    defaultPodOnly(spec);
    if (pod.status) completePodStatus(pod.status);
  },
  prepareForCreate(pod, { version }) {
    const { spec } = pod;
    pod.status = { phase: 'Pending', qosClass: podQOSClass(spec) };
    if (version.has('pod-generation')) pod.metadata.generation = 1;
    aliasServiceAccount(spec); // admission may have named one
    dropDisabledFields(spec, version);
    if (!version.has('no-seccomp-annotations')) syncSeccomp(pod.metadata, spec);
  },
  prepareForUpdate(pod, old, { version }) {
    pod.status = old.status;
    if (pod.spec === old.spec) return;
    dropDisabledFields(pod.spec, version);
    if (version.has('pod-generation') && !equal(pod.spec, old.spec)) pod.metadata.generation = (old.metadata.generation ?? 0) + 1;
  },
  prepareForStatusUpdate(pod, old) {
    pod.spec = old.spec;
    if (pod.metadata.deletionTimestamp !== undefined) delete pod.metadata.deletionTimestamp;
    // Old kubelets lost owner references here, so the status endpoint leaves them alone.
    if (old.metadata.ownerReferences) pod.metadata.ownerReferences = old.metadata.ownerReferences;
    else delete pod.metadata.ownerReferences;
    completePodStatus((pod.status ??= {}));
  },
  validate: (pod, context) => validatePodCreate(pod, context),
  validateUpdate: (pod, old, context) => validatePodUpdate(pod, old, context),
  validateStatusUpdate: (pod, old, context: Context) => validatePodStatusUpdate(pod, old, context),
  fields,
  generation: false, // only in newer releases, see prepareForCreate
};

export const pod: Resource = {
  kind: 'Pod',
  group: '',
  plural: 'pods',
  singular: 'pod',
  shortNames: ['po'],
  categories: ['all'],
  namespaced: true,
  versions: [{ version: 'v1' }],
  etcdPath: 'pods',
  verbs: allVerbs,
  subresources: [
    { name: 'attach', kind: 'PodAttachOptions', verbs: ['create', 'get'] },
    { name: 'binding', kind: 'Binding', verbs: ['create'] },
    { name: 'ephemeralcontainers', verbs: ['get', 'patch', 'update'], since: 23 },
    { name: 'eviction', group: 'policy', version: 'v1beta1', kind: 'Eviction', verbs: ['create'], until: 21 },
    { name: 'eviction', group: 'policy', version: 'v1', kind: 'Eviction', verbs: ['create'], since: 22 },
    { name: 'exec', kind: 'PodExecOptions', verbs: ['create', 'get'] },
    { name: 'log', verbs: ['get'] },
    { name: 'portforward', kind: 'PodPortForwardOptions', verbs: ['create', 'get'] },
    { name: 'proxy', kind: 'PodProxyOptions', verbs: ['create', 'delete', 'get', 'patch', 'update'] },
    { name: 'resize', verbs: ['get', 'patch', 'update'], since: 33 },
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
  strategy,
  subresourceStrategies: { ephemeralcontainers: ephemeralContainersStrategy, resize: resizeStrategy },
  columns: podColumns,
  cells: podCells,
};
