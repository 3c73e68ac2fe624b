// What the API server promises of every object, whoever writes it.
import { equal, isPodTerminal, type KubeObject, type Pod } from '../../lib/api/index.ts';
import type { Judge, Rule } from './limits.ts';

/** Their generation is raised by each change of what is wanted. */
const counted = new Set(['Deployment', 'ReplicaSet', 'ReplicationController', 'StatefulSet', 'DaemonSet', 'PodDisruptionBudget', 'Fleet']);
/** The collector's own marks: another way of deleting takes them away. */
const policies = ['orphan', 'foregroundDeletion'];

export function objectLimits({ wrong }: Judge): Rule {
  return ({ request: { verb, subresource }, before, after }) => {
    if (!before) return;
    const bad = (why: string) => wrong(`${before.kind} ${before.metadata.name}: ${why}`);
    const held = before.metadata.finalizers?.filter((one) => !policies.includes(one)) ?? [];
    if (!after && verb === 'delete' && held.length > 0) bad(`gone, though ${held.join(' and ')} still holds it`);
    if (after && after !== before) changed({ before, after, bad, ofStatus: subresource === 'status' });
  };
}

/** The second of a series may count as the first. */
const timesOf = ({ series, count }: KubeObject): number => count ?? series?.count ?? 0;

function changed({ before, after, bad, ofStatus }: { before: KubeObject; after: KubeObject; bad(why: string): void; ofStatus: boolean }): void {
  const [old, next] = [before.metadata, after.metadata];
  if (next.uid !== old.uid) return bad('another object has its place');
  if (Number(next.resourceVersion) <= Number(old.resourceVersion)) bad(`its version is ${next.resourceVersion} after ${old.resourceVersion}`);
  if (old.deletionTimestamp && !next.deletionTimestamp) bad('it was being deleted and is not any more');
  if ((next.generation ?? 0) < (old.generation ?? 0)) bad(`its generation is ${next.generation} after ${old.generation}`);
  const told = before.spec !== after.spec && !equal(before.spec, after.spec);
  if (told && ofStatus) bad('a report of its status changed what is wanted');
  if (told && counted.has(after.kind) && next.generation === old.generation) bad(`its generation is still ${next.generation}, and it is told something else`);
  if (after.kind === 'Event' && timesOf(after) <= timesOf(before)) bad(`counted ${timesOf(after)} after ${timesOf(before)}`);
}

/** A volume is one claim's, a claim has one volume, and neither is ever undone. */
export function claimLimits({ facts, wrong }: Judge): Rule {
  return ({ before, after }) => {
    if (after?.kind === 'PersistentVolumeClaim') {
      const { metadata: { name, uid }, spec } = after;
      if (before?.spec.volumeName && before.spec.volumeName !== spec.volumeName) wrong(`claim ${name} has volume ${spec.volumeName} after ${before.spec.volumeName}`);
      const rival = spec.volumeName && facts.objects('PersistentVolumeClaim').find((one) => one.metadata.uid !== uid && one.spec.volumeName === spec.volumeName);
      if (rival) wrong(`claims ${name} and ${rival.metadata.name} have one volume`);
      if (before?.status?.phase === 'Bound' && after.status?.phase === 'Pending') wrong(`claim ${name} is not bound any more`);
    }
    const { claimRef } = after?.kind === 'PersistentVolume' && after.status?.phase === 'Released' ? after.spec : {};
    if (claimRef && facts.objects('PersistentVolumeClaim').some(({ metadata: { uid }, spec }) => uid === claimRef.uid && spec.volumeName === after!.metadata.name)) wrong(`volume ${after!.metadata.name} was released while its claim is there`);
    const owner = before?.kind === 'PersistentVolume' && before.spec.claimRef?.uid;
    if (owner && after && after.spec.claimRef?.uid !== owner) wrong(`volume ${after.metadata.name} was taken from its claim`);
  };
}

/** Admission charges each pod before it is there. A status that was counted from an old cache is right again only after the next full count. */
export function quotaLimits({ facts, world, wrong }: Judge): Rule {
  let rough = -Infinity;
  return ({ request: { verb, subresource }, after }) => {
    if (world.horizon() < world.now) rough = world.now;
    if (verb !== 'create' || subresource || after?.kind !== 'Pod' || world.now - rough < fullCount) return;
    const pods = facts.pods().filter((pod) => pod.metadata.namespace === 'default' && !isPodTerminal(pod) && !pod.metadata.deletionTimestamp).length;
    for (const { metadata, status } of facts.objects('ResourceQuota')) {
      const most = Number(status?.hard?.pods ?? Infinity);
      if (metadata.namespace === 'default' && pods > most) wrong(`there are ${pods} pods, the quota allows ${most}`);
    }
  };
}

/** Milliseconds: the quota controller counts everything every five minutes. */
const fullCount = 330_000;

/** Who has time to end is given it: two pods of one name must never run. */
export function removalLimits({ wrong }: Judge): Rule {
  return ({ request: { verb }, who, before, after }) => {
    if (verb !== 'delete' || after || before?.kind !== 'Pod') return;
    const { spec, status } = before as Pod;
    const runs = !isPodTerminal(before as Pod) && status.containerStatuses?.some(({ state }) => state?.running);
    if (runs && spec.terminationGracePeriodSeconds! > 0 && ![spec.nodeName, 'kubernetes-admin', 'pod-garbage-collector'].includes(who)) wrong(`${before.metadata.name} was taken out of the API by ${who} while it ran`);
  };
}
