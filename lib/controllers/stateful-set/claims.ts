// Claims of a stateful set's pods: made before the pod, and left behind when it goes.
import { isAlreadyExists, type KubeObject, type Manifest, type OwnerReference, type StatefulSet } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { claimName, claimTemplates, podName } from './identity.ts';

/** Makes what is missing; throws when the pod cannot be made for want of a claim. */
export function createClaims(client: Client, set: StatefulSet, ordinal: number): void {
  const errors: string[] = [];
  for (const template of claimTemplates(set)) {
    const name = claimName(template.metadata!.name!, set, ordinal);
    const present = client.find('PersistentVolumeClaim', { namespace: set.metadata.namespace, name });
    if (present?.metadata.deletionTimestamp) errors.push(`pvc ${name} is being deleted`);
    if (!present) errors.push(...createClaim(client, set, { template: template as Manifest, name, ordinal }));
  }
  if (errors.length > 0) throw new Error(errors.length === 1 ? errors[0] : `[${errors.join(', ')}]`);
}

function createClaim(client: Client, set: StatefulSet, { template, name, ordinal }: { template: Manifest; name: string; ordinal: number }): string[] {
  const { labels, annotations } = template.metadata ?? {};
  const found = { ...labels, ...set.spec.selector.matchLabels };
  const metadata = { name, namespace: set.metadata.namespace, ...(Object.keys(found).length > 0 && { labels: found }), ...(annotations && { annotations }) };
  try {
    client.create({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata, spec: template.spec });
    client.event(set, 'Normal', 'SuccessfulCreate', `create Claim ${name} Pod ${podName(set, ordinal)} in StatefulSet ${set.metadata.name} success`);
    return [];
  } catch (error) {
    const { message } = error as Error;
    if (!isAlreadyExists(error)) client.event(set, 'Warning', 'FailedCreate', `create Claim ${name} for Pod ${podName(set, ordinal)} in StatefulSet ${set.metadata.name} failed error: ${message}`);
    return [`failed to create PVC ${name}: ${message}`];
  }
}

/** Who takes the claims along: the set when it is deleted, a pod when it is scaled away, or nobody. */
export function ownClaims(client: Client, set: StatefulSet, { ordinal, condemned }: { ordinal: number; condemned: KubeObject | undefined }): void {
  const { whenDeleted, whenScaled } = set.spec.persistentVolumeClaimRetentionPolicy ?? {};
  const owner = whenScaled === 'Delete' && condemned ? condemned : whenDeleted === 'Delete' ? set : undefined;
  for (const template of claimTemplates(set)) {
    const claim = client.find('PersistentVolumeClaim', { namespace: set.metadata.namespace, name: claimName(template.metadata!.name!, set, ordinal) });
    if (!claim || claim.metadata.deletionTimestamp) continue;
    const before = claim.metadata.ownerReferences ?? [];
    const others = before.filter(({ kind, name, uid }) => uid !== set.metadata.uid && !(kind === 'Pod' && name === podName(set, ordinal)));
    const after: OwnerReference[] = owner ? [...others, { apiVersion: owner.apiVersion, kind: owner.kind, name: owner.metadata.name, uid: owner.metadata.uid }] : others;
    const same = before.length === after.length && after.every(({ uid }) => before.some((one) => one.uid === uid));
    if (!same) client.update({ ...claim, metadata: { ...claim.metadata, ownerReferences: after } });
  }
}

/** Only a set that asks for it, now or before, has its claims looked at. */
export const retains = ({ spec }: StatefulSet) => (spec.persistentVolumeClaimRetentionPolicy?.whenDeleted ?? 'Retain') === 'Retain' && (spec.persistentVolumeClaimRetentionPolicy?.whenScaled ?? 'Retain') === 'Retain';
