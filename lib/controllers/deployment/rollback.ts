// The old way back: an annotation that names a revision (`rollbackTo` of extensions/v1beta1). Today `kubectl rollout undo`
// writes the old template itself.
import type { Deployment, ReplicaSet } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { isCopied, revisionFrom, revisionOf, rollbackAnnotation } from './annotations.ts';
import { createNewReplicaSet } from './new-replica-set.ts';
import { allSets, type Rollout, sameTemplate, withoutHash } from './rollout.ts';

/** The revision to go back to, 0 for the one before, undefined when nobody asks. */
export function rollbackTo({ metadata }: Deployment): bigint | undefined {
  const revision = metadata.annotations?.[rollbackAnnotation];
  return revision && /^\d+$/.test(revision) ? revisionFrom(revision) : undefined;
}

export function rollback(client: Client, rollout: Rollout): void {
  if (!rollout.newRS) createNewReplicaSet(client, rollout);
  const { d } = rollout;
  const all = allSets(rollout);
  const revision = rollbackTo(d) || all.map(revisionOf).sort((a, b) => (a < b ? 1 : -1))[1] || 0n;
  if (revision === 0n) return giveUp(client, d, 'DeploymentRollbackRevisionNotFound', 'Unable to find last revision.');
  const rs = all.find((candidate) => revisionOf(candidate) === revision);
  if (!rs) return giveUp(client, d, 'DeploymentRollbackRevisionNotFound', 'Unable to find the revision to rollback to.');
  if (sameTemplate(rs.spec.template, d.spec.template)) {
    return giveUp(client, d, 'DeploymentRollbackTemplateUnchanged', `The rollback revision contains the same template as current deployment "${d.metadata.name}"`);
  }
  client.update(withTemplateOf(d, rs));
  client.event(d, 'Normal', 'DeploymentRollback', `Rolled back deployment "${d.metadata.name}" to revision ${revision}`);
}

function giveUp(client: Client, d: Deployment, reason: string, message: string): void {
  client.event(d, 'Warning', reason, message);
  client.update({ ...d, metadata: { ...d.metadata, annotations: without(d.metadata.annotations) } });
}

/** The old template, and with it the annotations of that time (change-cause). */
function withTemplateOf(d: Deployment, rs: ReplicaSet): Deployment {
  const kept = Object.entries(without(d.metadata.annotations)).filter(([name]) => !isCopied(name));
  const restored = Object.entries(rs.metadata.annotations ?? {}).filter(([name]) => isCopied(name));
  const template = { ...rs.spec.template, metadata: withoutHash(rs.spec.template) };
  return { ...d, metadata: { ...d.metadata, annotations: Object.fromEntries([...kept, ...restored]) }, spec: { ...d.spec, template } };
}

function without({ [rollbackAnnotation]: _, ...annotations }: Record<string, string> = {}): Record<string, string> {
  return annotations;
}
