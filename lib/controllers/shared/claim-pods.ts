// Pods that belong to an owner: those it controls and still selects, and those that nobody controls.
import { isPodActive, type KubeObject, type Pod, type Selector } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { adopt, controllerOf, release } from './owners.ts';

const orphans = 'orphaned pods';
const none: readonly string[] = [];

/** Declares the index; nobody's pods are few. */
export function indexOrphans(client: Client): void {
  client.cache('Pod').index(orphans, (pod) => (controllerOf(pod) === undefined && isPodActive(pod) ? [pod.metadata.namespace!] : none));
}

export function claimPods(client: Client, owner: KubeObject, selector: Selector): Pod[] {
  const cache = client.cache('Pod');
  const kept: Pod[] = [];
  const lost: Pod[] = [];
  for (const pod of cache.ownedBy(owner.metadata.uid)) (selector.matches(pod.metadata.labels) ? kept : lost).push(pod);
  if (owner.metadata.deletionTimestamp) return kept;
  release(client, owner, lost.filter(({ metadata }) => !metadata.deletionTimestamp));
  const found = [...cache.by(orphans, owner.metadata.namespace!)].filter((pod) => selector.matches(pod.metadata.labels));
  return found.length > 0 ? [...kept, ...adopt(client, owner, found)] : kept;
}
