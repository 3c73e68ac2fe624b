// The manifests that the workloads of a history stand for.
import type { KubeObject, Manifest } from '../../lib/api/index.ts';
import { fleetApi } from './learner.ts';
import type { Budget } from './profiles.ts';
import { priorities, type Setting, type Shape, taintKey } from './shapes.ts';
import type { Of, Workload } from './workloads.ts';

export const nameOf = (i: number) => `w${i}`;
const labels = (i: number) => ({ app: nameOf(i) });

interface Server {
  i: number;
  image: string;
  grace: number;
  cpu?: string;
  shape?: Shape | undefined;
}

/** The template of a pod that serves. */
function server({ i, image, grace, cpu, shape }: Server) {
  const placed = shape && {
    ...(shape.priority && { priorityClassName: shape.priority }),
    ...(shape.tolerates && { tolerations: [{ key: taintKey, operator: 'Exists' }] }),
    ...(shape.spread && { topologySpreadConstraints: [{ topologyKey: 'kubernetes.io/hostname', maxSkew: 2, whenUnsatisfiable: 'DoNotSchedule', labelSelector: { matchLabels: labels(i) } }] }),
  };
  const resources = { requests: { cpu: cpu ?? shape?.cpu ?? '500m' } };
  return { metadata: { labels: labels(i) }, spec: { terminationGracePeriodSeconds: grace, ...placed, containers: [{ name: 'main', image, resources }] } };
}

function claimed({ shape }: Of<'StatefulSet'>, template: ReturnType<typeof server>) {
  if (!shape?.claims) return { template };
  const spec = { accessModes: ['ReadWriteOnce'], storageClassName: shape.claims, resources: { requests: { storage: '1Gi' } } };
  const [container] = template.spec.containers;
  return {
    template: { ...template, spec: { ...template.spec, containers: [{ ...container!, volumeMounts: [{ name: 'data', mountPath: '/data' }] }] } },
    volumeClaimTemplates: [{ metadata: { name: 'data' }, spec }],
    ...(shape.shrinks && { persistentVolumeClaimRetentionPolicy: { whenScaled: 'Delete', whenDeleted: 'Retain' } }),
  };
}

function jobSpec(workload: Of<'Job'> | Of<'CronJob'>, i: number) {
  const { seconds, completions, parallelism, indexed, fails } = workload;
  const command = ['sh', '-c', `sleep ${seconds}; exit ${fails ? 1 : 0}`];
  const template = { metadata: { labels: labels(i) }, spec: { restartPolicy: 'Never', terminationGracePeriodSeconds: 1, containers: [{ name: 'main', image: 'busybox', command }] } };
  return { completions, parallelism, backoffLimit: 2, ...(indexed && { completionMode: 'Indexed' }), ...('ttl' in workload && { ttlSecondsAfterFinished: workload.ttl }), template };
}

function specOf(workload: Workload, i: number): unknown {
  const selector = { matchLabels: labels(i) };
  const image = 'nginx:1.25';
  switch (workload.kind) {
    case 'Deployment': {
      const strategy = workload.rolling ? { type: 'RollingUpdate', rollingUpdate: workload.rolling } : { type: 'Recreate' };
      return { replicas: workload.replicas, selector, strategy, minReadySeconds: workload.minReady, revisionHistoryLimit: workload.history, template: server({ i, image, grace: workload.grace, shape: workload.shape }) };
    }
    case 'ReplicaSet':
      return { replicas: workload.replicas, selector, minReadySeconds: workload.minReady, template: server({ i, image, grace: workload.grace, shape: workload.shape }) };
    case 'ReplicationController':
      return { replicas: workload.replicas, selector: labels(i), minReadySeconds: workload.minReady, template: server({ i, image, grace: workload.grace, shape: workload.shape }) };
    case 'StatefulSet': {
      const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { partition: workload.partition } };
      return { replicas: workload.replicas, selector, serviceName: nameOf(i), podManagementPolicy: workload.parallel ? 'Parallel' : 'OrderedReady', updateStrategy, ...claimed(workload, server({ i, image, grace: workload.grace, shape: workload.shape })) };
    }
    case 'DaemonSet': {
      const rollingUpdate = workload.surge ? { maxSurge: 1, maxUnavailable: 0 } : { maxUnavailable: workload.maxUnavailable };
      return { selector, minReadySeconds: workload.minReady, updateStrategy: { type: 'RollingUpdate', rollingUpdate }, template: server({ i, image, grace: workload.grace, cpu: '10m', shape: workload.shape && { ...workload.shape, spread: false } }) };
    }
    case 'Fleet':
      return { replicas: workload.replicas, template: server({ i, image, grace: workload.grace, shape: workload.shape }) };
    case 'Job':
      return jobSpec(workload, i);
    case 'CronJob':
      return { schedule: `* ${workload.hours ?? '*'} * * *`, timeZone: workload.zone, concurrencyPolicy: workload.policy, startingDeadlineSeconds: workload.deadline, jobTemplate: { spec: jobSpec(workload, i) } };
  }
}

export function manifestOf(workload: Workload, i: number): Manifest {
  return { ...(workload.kind === 'Fleet' && { apiVersion: fleetApi }), kind: workload.kind, metadata: { name: nameOf(i), namespace: 'default', labels: labels(i) }, spec: specOf(workload, i) } as Manifest;
}

/** A pod that somebody made by hand and labelled like those of a workload. */
export function strayPod(i: number, n: number): Manifest {
  const { spec } = server({ i, image: 'nginx:1.25', grace: 1 });
  return { kind: 'Pod', metadata: { name: `stray-${n}`, namespace: 'default', labels: labels(i) }, spec } as Manifest;
}

/** A pod whose owner never was: somebody of that name has another uid. */
export function foreignPod(i: number, n: number, { apiVersion, kind, metadata: { name } }: KubeObject): Manifest {
  const owner = { apiVersion, kind, name, uid: `00000000-0000-0000-0000-${String(n).padStart(12, '0')}`, controller: true };
  const { metadata, ...stray } = strayPod(i, n);
  return { ...stray, metadata: { ...metadata, name: `foreign-${n}`, ownerReferences: [owner] } } as Manifest;
}

export function budgetOf({ of, field, amount }: Budget, workloads: number): Manifest {
  const i = of % workloads;
  return { kind: 'PodDisruptionBudget', metadata: { name: nameOf(i), namespace: 'default' }, spec: { selector: { matchLabels: labels(i) }, [field]: amount } } as Manifest;
}

/** A pod that somebody needs at once. */
export function importantPod(n: number, { cpu, polite }: { cpu: string; polite: boolean }): Manifest {
  const { spec } = server({ i: 0, image: 'nginx:1.25', grace: 1, cpu });
  const priorityClassName = polite ? 'polite' : 'high';
  return { kind: 'Pod', metadata: { name: `vip-${n}`, namespace: 'default', labels: { app: 'vip' } }, spec: { ...spec, priorityClassName } } as Manifest;
}

/** What stands in a crowded cluster before anything else. */
export function furniture({ quota, limitRange }: Setting): Manifest[] {
  const classes = Object.entries(priorities).map(([name, value]) => ({ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name }, value, ...(name === 'polite' && { preemptionPolicy: 'Never' }) }));
  const modes = { now: 'Immediate', later: 'WaitForFirstConsumer' };
  const storage = Object.entries(modes).map(([name, volumeBindingMode]) => ({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name }, provisioner: 'rancher.io/local-path', volumeBindingMode }));
  const metadata = { name: 'limits', namespace: 'default' };
  const limits = { kind: 'LimitRange', metadata, spec: { limits: [{ type: 'Container', defaultRequest: { cpu: '200m' }, default: { cpu: '2' } }] } };
  return [...classes, ...storage, ...(limitRange ? [limits] : []), ...(quota === undefined ? [] : [{ kind: 'ResourceQuota', metadata, spec: { hard: { pods: String(quota) } } }])] as Manifest[];
}
