// Objects as the recordings sum them up.
import type { KubeObject } from '../../../lib/api/index.ts';

const owner = ({ metadata }: KubeObject) => {
  const controller = metadata.ownerReferences?.find((reference) => reference.controller);
  return controller ? `${controller.kind}/${controller.name}` : null;
};

/** Zero values are left out, as Go leaves them out. */
const nonZero = (value: Record<string, unknown> = {}) => Object.fromEntries(Object.entries(value).filter(([, v]) => v !== 0 && v !== undefined && v !== null));
const conditions = (list: any[] = []) => list.map(({ type, status, reason, message }) => ({ type, status, reason, message }));
const target = (reference?: { kind?: string; name?: string }) => (reference ? `${reference.kind}/${reference.name}` : undefined);

const summaries: Record<string, (o: KubeObject) => unknown> = {
  deployments: ({ metadata, spec, status = {} }) => ({
    generation: metadata.generation,
    specReplicas: spec.replicas,
    revision: metadata.annotations?.['deployment.kubernetes.io/revision'],
    status: { ...nonZero(status), conditions: conditions(status.conditions) },
  }),
  replicasets: (rs) => ({
    owner: owner(rs),
    specReplicas: rs.spec.replicas,
    revision: annotation(rs, 'revision'),
    revisionHistory: annotation(rs, 'revision-history'),
    desired: annotation(rs, 'desired-replicas'),
    max: annotation(rs, 'max-replicas'),
    status: { ...nonZero(rs.status), replicas: rs.status.replicas, ...(rs.status.conditions && { conditions: conditions(rs.status.conditions) }) },
  }),
  resourcequotas: ({ spec, status }) => ({ hard: spec.hard, status }),
  limitranges: ({ spec }) => ({ limits: spec.limits }),
  persistentvolumeclaims: ({ metadata, spec, status }) => ({ phase: status?.phase, volumeName: spec.volumeName, finalizers: metadata.finalizers }),
  pods: (pod) => {
    const scheduled = pod.status.conditions?.find((c: any) => c.type === 'PodScheduled' && c.status === 'False');
    return {
      owner: owner(pod),
      phase: pod.status.phase,
      nodeName: pod.spec.nodeName,
      ready: pod.status.conditions?.find((c: any) => c.type === 'Ready')?.status,
      deleting: pod.metadata.deletionTimestamp && (pod.metadata.deletionGracePeriodSeconds ?? 0),
      rev: pod.metadata.labels?.['pod-template-hash'] ?? pod.metadata.labels?.['controller-revision-hash'],
      scheduled: scheduled && { status: scheduled.status, reason: scheduled.reason, message: scheduled.message },
    };
  },
  endpoints: ({ metadata, subsets = [] }) => ({
    subsets: subsets.map(({ addresses = [], notReadyAddresses = [], ports = [] }: any) => ({
      addresses: addresses.map(({ ip, nodeName, targetRef }: any) => ({ ip, nodeName, target: target(targetRef) })),
      notReadyAddresses: notReadyAddresses.map(({ ip, targetRef }: any) => ({ ip, target: target(targetRef) })),
      ports,
    })),
    labels: Object.keys(metadata.labels ?? {}).length > 0 ? metadata.labels : undefined,
  }),
  endpointslices: (slice) => ({
    owner: owner(slice),
    labels: slice.metadata.labels,
    addressType: slice.addressType,
    ports: slice.ports?.length ? slice.ports : null,
    endpoints: [...(slice.endpoints ?? [])].map(({ targetRef, ...endpoint }: any) => ({ ...endpoint, target: target(targetRef) })).sort((a: any, b: any) => (a.addresses[0] < b.addresses[0] ? -1 : 1)),
  }),
  secrets: ({ metadata, data = {}, type }) => ({ type, dataKeys: Object.keys(data).sort(), annotations: Object.fromEntries(Object.entries(metadata.annotations ?? {}).map(([k, v]) => [k, k.endsWith('.uid') ? '<uid>' : v])) }),
  serviceaccounts: ({ secrets = [] }) => ({ secrets: secrets.map(({ name }: any) => name) }),
  configmaps: ({ data = {} }) => ({ dataKeys: Object.keys(data).sort() }),
  services: ({ spec }) => ({ type: spec.type, clusterIP: spec.clusterIP === 'None' ? 'None' : '<clusterIP>', ports: (spec.ports ?? []).map(({ nodePort: _, ...port }: any) => port) }),
  poddisruptionbudgets: ({ status = {} }) => {
    const { observedGeneration, currentHealthy = 0, desiredHealthy = 0, disruptionsAllowed = 0, expectedPods = 0 } = status;
    return { status: { observedGeneration: observedGeneration || undefined, currentHealthy, desiredHealthy, disruptionsAllowed, expectedPods } };
  },
  statefulsets: ({ spec, status = {} }) => ({ specReplicas: spec.replicas, status: { ...nonZero(status), replicas: status.replicas ?? 0 } }),
  controllerrevisions: (revision) => ({ owner: owner(revision), revision: revision.revision }),
  daemonsets: ({ metadata, status = {} }) => {
    const { currentNumberScheduled = 0, desiredNumberScheduled = 0, numberMisscheduled = 0, numberReady = 0, conditions: _, ...others } = status;
    return { generation: metadata.generation, status: { ...nonZero(others), currentNumberScheduled, desiredNumberScheduled, numberMisscheduled, numberReady } };
  },
  jobs: (job) => {
    const { active, succeeded, failed, startTime, completionTime, conditions: list } = job.status ?? {};
    return { owner: owner(job), status: { active, succeeded, failed, started: startTime !== undefined, completed: completionTime !== undefined, conditions: conditions(list) } };
  },
  cronjobs: ({ spec, status = {} }) => ({ suspend: spec.suspend, active: (status.active ?? []).map(({ name }: { name: string }) => name), hasLastScheduleTime: status.lastScheduleTime !== undefined }),
  nodes: ({ spec, status = {} }) => ({
    taints: (spec.taints ?? []).map(({ key, value, effect }: any) => `${key}${value ? `=${value}` : ''}:${effect}`),
    conditions: conditions(status.conditions?.filter((c: any) => c.type === 'Ready')),
    podCIDR: spec.podCIDR && '<podCIDR>',
  }),
};

const annotation = ({ metadata }: KubeObject, name: string) => metadata.annotations?.[`deployment.kubernetes.io/${name}`];

export const isSummarised = (resource: string) => resource in summaries;

export function summarise(resource: string, object: KubeObject): any {
  return JSON.parse(JSON.stringify(summaries[resource]!(object)));
}

export function namespaceState({ spec, status }: KubeObject): unknown {
  return { phase: status.phase, finalizers: spec.finalizers, conditions: conditions(status.conditions) };
}
