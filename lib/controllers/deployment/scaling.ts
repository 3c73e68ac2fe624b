// Gives replica sets another size and says so in an event.
import type { ReplicaSet } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { sameAnnotations, sizeAnnotations } from './annotations.ts';
import { allSets, type Rollout } from './rollout.ts';
import type { Resize } from './sizes.ts';

/** Applies sizes in order and keeps the rollout up to date with what was written. Returns whether any size changed. */
export function resize(client: Client, rollout: Rollout, resizes: readonly Resize[]): boolean {
  let scaled = false;
  for (const one of resizes) {
    const { name, size } = one;
    const rs = allSets(rollout).find(({ metadata }) => metadata.name === name)!;
    const written = resizeOne(client, rollout, rs, one);
    if (rollout.newRS === rs) rollout.newRS = written;
    else rollout.oldRSs = rollout.oldRSs.map((old) => (old === rs ? written : old));
    scaled ||= rs.spec.replicas !== size;
  }
  return scaled;
}

function resizeOne(client: Client, { d }: Rollout, rs: ReplicaSet, { size, direction }: Resize): ReplicaSet {
  const from = rs.spec.replicas;
  const notes = sizeAnnotations(d);
  if (from === size && sameAnnotations(notes, rs.metadata.annotations)) return rs;
  const annotations = { ...rs.metadata.annotations, ...notes };
  const written = client.update<ReplicaSet>({ ...rs, metadata: { ...rs.metadata, annotations }, spec: { ...rs.spec, replicas: size } });
  if (from !== size) client.event(d, 'Normal', 'ScalingReplicaSet', scalingMessage(client, { name: rs.metadata.name, from, size, direction }));
  return written;
}

export function scalingMessage({ version }: Pick<Client, 'version'>, { name, from, size: to, direction }: Resize & { from: number }): string {
  const own = from < to ? 'up' : 'down';
  if (version.has('scaling-message-from-to')) return `Scaled ${own} replica set ${name} from ${from} to ${to}`;
  const set = `Scaled ${direction ?? own} replica set ${name}`;
  // A replica set that has just been made was said to be scaled "to 3" until then.
  return version.has('scaling-message-previous') && from > 0 ? `${set} to ${to} from ${from}` : `${set} to ${to}`;
}
