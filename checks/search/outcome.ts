// Where a cluster has to end: everything as the manifests say.
import { type DaemonSet, type Deployment, isPodActive, isPodReady, type Job, type KubeObject, type Pod, type ReplicaSet, type StatefulSet } from '../../lib/api/index.ts';
import { controllerOf } from '../../lib/controllers/shared/owners.ts';
import { sameCaches } from './caches.ts';
import type { History } from './history.ts';
import { nameOf } from './manifests.ts';
import type { Intent } from './operations.ts';
import { placeFor } from './placement.ts';
import { machinesAgree } from './machines.ts';
import { storageEnds } from './storage.ts';
import { brokenImage } from './workloads.ts';
import type { World } from './world.ts';

/** What is said of a pod that could run and does not. */
export const waits = 'waits, though it would fit';

const scaled = new Set(['ReplicaSet', 'ReplicationController', 'StatefulSet', 'Fleet']);

/** What is not as it should be, in words; nothing when all is well. */
export function outcome(world: World, { workloads }: History, intent: Intent): string[] {
  const { storage } = world.cluster.server;
  const all = (kind: string) => (storage.every(world.cluster.server.resourceOf(kind)) as KubeObject[]).filter(({ metadata, kind: is }) => metadata.namespace === 'default' || is === 'Node' || is === 'PersistentVolume');
  const pods = all('Pod') as Pod[];
  const owned = ({ metadata: { uid } }: KubeObject) => pods.filter((pod) => controllerOf(pod)?.uid === uid && isPodActive(pod));
  const problems: string[] = [];
  const waiting = pods.filter((pod) => !pod.spec.nodeName && !pod.metadata.deletionTimestamp);
  const everywhere = (kind: string) => storage.every(world.cluster.server.resourceOf(kind)) as KubeObject[];
  for (const pod of waiting) {
    const node = placeFor(pod, everywhere);
    if (node) problems.push(`Pod ${pod.metadata.name} ${waits} on ${node}`);
  }
  /** One of its pods waits, and rightly so: then it goes no further. */
  const heldUp = new Set<string>();
  for (const pod of waiting) for (let owner = controllerOf(pod); owner; owner = controllerOf(all(owner.kind).find(({ metadata }) => metadata.uid === owner!.uid) ?? pod)) {
    if (heldUp.has(owner.uid)) break;
    heldUp.add(owner.uid);
  }
  const held = (object: KubeObject): boolean => heldUp.has(object.metadata.uid) || heldUp.has(controllerOf(object)?.uid ?? '');
  /** An image that nobody mends before its successor has room. */
  const stuck = (pod: Pod) => pod.spec.containers[0]!.image === brokenImage && all('ReplicaSet').some((set) => set.metadata.uid === controllerOf(pod)!.uid && held(set));
  /** What its status counts is what there is. */
  const counts = (object: KubeObject, own: Pod[]) => {
    expect(object, 'observedGeneration', object.status.observedGeneration, object.metadata.generation);
    expect(object, 'replicas', object.status.replicas, own.length);
    expect(object, 'readyReplicas', object.status.readyReplicas, own.filter((pod) => isPodReady(pod)).length);
  };
  const expect = (object: KubeObject, what: string, is: unknown, wanted: unknown) => {
    if ((is ?? 0) !== (wanted ?? 0)) problems.push(`${object.kind} ${object.metadata.name}: ${what} is ${is ?? 0}, not ${wanted ?? 0}`);
  };

  workloads.forEach(({ kind }, i) => {
    const object = all(kind).find(({ metadata }) => metadata.name === nameOf(i));
    if (world.cluster.version.has('ttl-after-finished') && (workloads[i] as { ttl?: number }).ttl !== undefined) {
      if (object?.status.completionTime) problems.push(`${kind} ${nameOf(i)} has outlived its time`);
    } else if (Boolean(object) !== intent.there[i]) problems.push(`${kind} ${nameOf(i)} is ${object ? 'still' : 'not'} there`);
    else if (object && intent.replicas[i] !== undefined) expect(object, 'spec.replicas', object.spec.replicas, intent.replicas[i]);
  });
  for (const kind of ['ReplicaSet', 'ReplicationController']) {
    for (const set of all(kind) as ReplicaSet[]) {
      const { replicas } = set.spec;
      expect(set, 'number of pods', owned(set).length, replicas);
      if (held(set)) {
        counts(set, owned(set));
        continue;
      }
      for (const field of ['replicas', 'readyReplicas', 'availableReplicas', 'fullyLabeledReplicas'] as const) expect(set, field, set.status[field], replicas);
      expect(set, 'observedGeneration', set.status.observedGeneration, set.metadata.generation);
    }
  }
  for (const deployment of all('Deployment') as Deployment[]) deploymentEnds(deployment);
  for (const set of all('StatefulSet') as StatefulSet[]) statefulSetEnds(set);
  for (const set of all('DaemonSet') as DaemonSet[]) daemonSetEnds(set);
  if (workloads.some(({ kind }) => kind === 'Fleet')) for (const fleet of all('Fleet')) fleetEnds(fleet);
  for (const job of all('Job') as Job[]) jobEnds(job);
  for (const cronJob of all('CronJob')) if (all('Job').every(({ status }) => status.completionTime || status.failed)) expect(cronJob, 'active', cronJob.status?.active?.length, 0);
  for (const budget of all('PodDisruptionBudget')) {
    // A budget in percent, or of what may be unavailable, needs controllers with a scale: with one pod without it nothing is counted.
    const covered = pods.filter((pod) => pod.metadata.labels?.app === budget.metadata.name);
    if (!covered.every((pod) => scaled.has(controllerOf(pod)?.kind ?? ''))) continue;
    expect(budget, 'currentHealthy', budget.status.currentHealthy, covered.filter((pod) => isPodActive(pod) && isPodReady(pod)).length);
    expect(budget, 'observedGeneration', budget.status.observedGeneration, budget.metadata.generation);
  }
  for (const kind of ['Pod', 'ReplicaSet', 'Job', 'ControllerRevision']) for (const object of all(kind)) ownersLive(object);
  for (const pod of pods) if (isPodActive(pod) && controllerOf(pod) && controllerOf(pod)!.kind !== 'Job' && !isPodReady(pod) && !waiting.includes(pod) && !stuck(pod)) problems.push(`Pod ${pod.metadata.name} is not ready: ${pod.status.phase}`);
  for (const node of all('Node')) if (node.spec.taints?.some(({ key }: { key: string }) => key.startsWith('node.kubernetes.io/'))) problems.push(`Node ${node.metadata.name} has taints: ${JSON.stringify(node.spec.taints)}`);
  return [...problems, ...storageEnds(all), ...machinesAgree(world, pods), ...sameCaches(world)];

  function deploymentEnds(deployment: Deployment): void {
    const { replicas, revisionHistoryLimit } = deployment.spec;
    const sets = (all('ReplicaSet') as ReplicaSet[]).filter((rs) => controllerOf(rs)?.uid === deployment.metadata.uid);
    const image = ({ spec }: { spec: { template: { spec?: { containers: { image?: string }[] } } } }) => spec.template.spec?.containers[0]!.image;
    if (held(deployment)) return counts(deployment, sets.flatMap(owned));
    for (const set of sets) expect(set, 'spec.replicas', set.spec.replicas, image(set) === image(deployment) ? replicas : 0);
    if (!sets.some((set) => image(set) === image(deployment))) problems.push(`Deployment ${deployment.metadata.name} has no replica set of its template`);
    if (sets.length > revisionHistoryLimit! + 1) problems.push(`Deployment ${deployment.metadata.name} keeps ${sets.length} replica sets, its limit is ${revisionHistoryLimit}`);
    for (const field of ['replicas', 'updatedReplicas', 'readyReplicas', 'availableReplicas'] as const) expect(deployment, field, deployment.status[field], replicas);
    expect(deployment, 'observedGeneration', deployment.status.observedGeneration, deployment.metadata.generation);
  }

  function statefulSetEnds(set: StatefulSet): void {
    const { replicas, updateStrategy } = set.spec;
    if (held(set)) return counts(set, owned(set));
    const names = owned(set).map(({ metadata }) => metadata.name).sort();
    expect(set, 'pods', names.join(' '), Array.from({ length: replicas }, (_, i) => `${set.metadata.name}-${i}`).join(' '));
    for (const field of ['replicas', 'readyReplicas'] as const) expect(set, field, set.status[field], replicas);
    expect(set, 'observedGeneration', set.status.observedGeneration, set.metadata.generation);
    for (const pod of owned(set)) {
      const ordinal = Number(pod.metadata.name.split('-').at(-1));
      if (ordinal >= (updateStrategy.rollingUpdate?.partition ?? 0)) expect(pod, 'revision', pod.metadata.labels?.['controller-revision-hash'], set.status.updateRevision);
    }
  }

  function daemonSetEnds(set: DaemonSet): void {
    if (held(set)) return expect(set, 'numberReady', set.status.numberReady, owned(set).filter((pod) => isPodReady(pod)).length);
    const here = owned(set).map(({ spec }) => spec.nodeName).sort();
    expect(set, 'nodes', here.join(' '), 'worker-1 worker-2 worker-3');
    for (const pod of owned(set)) expect(pod, 'image', pod.spec.containers[0]!.image, set.spec.template.spec!.containers[0]!.image);
    for (const field of ['desiredNumberScheduled', 'currentNumberScheduled', 'numberReady', 'numberAvailable', 'updatedNumberScheduled'] as const) expect(set, field, set.status[field], 3);
    expect(set, 'observedGeneration', set.status.observedGeneration, set.metadata.generation);
  }

  function fleetEnds(fleet: KubeObject): void {
    const names = owned(fleet).map(({ metadata }) => metadata.name).sort();
    if (!held(fleet)) expect(fleet, 'pods', names.join(' '), Array.from({ length: fleet.spec.replicas }, (_, i) => `${fleet.metadata.name}-${i}`).join(' '));
    expect(fleet, 'replicas', fleet.status?.replicas, names.length);
    expect(fleet, 'readyReplicas', fleet.status?.readyReplicas, owned(fleet).filter((pod) => isPodReady(pod)).length);
  }

  function jobEnds(job: Job): void {
    if (job.spec.suspend || job.spec.parallelism === 0) return expect(job, 'active pods', owned(job).length, 0);
    if (held(job)) return expect(job, 'active', job.status.active, owned(job).length);
    const { completions, template } = job.spec;
    const fails = JSON.stringify(template).includes('exit 1');
    const done = (type: string) => job.status.conditions?.some((c) => c.type === type && c.status === 'True') ?? false;
    if (!done(fails ? 'Failed' : 'Complete') && !(done('Failed') && (job.status.failed ?? 0) > job.spec.backoffLimit!)) problems.push(`Job ${job.metadata.name} has not ended: ${JSON.stringify(job.status)}`);
    if (done('Complete')) expect(job, 'succeeded', job.status.succeeded, completions);
    expect(job, 'active', job.status.active, 0);
    expect(job, 'active pods', owned(job).length, 0);
  }

  function ownersLive(object: KubeObject): void {
    const { ownerReferences: owners, deletionTimestamp, name } = object.metadata;
    if (deletionTimestamp) problems.push(`${object.kind} ${name} is still being deleted`);
    const lives = ({ kind, uid }: { kind: string; uid: string }) => all(kind).some(({ metadata }) => metadata.uid === uid);
    if (owners?.length && !owners.some(lives)) problems.push(`${object.kind} ${name} outlived its owner`);
  }
}
