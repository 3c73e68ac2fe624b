// The two revisions a stateful set moves between: the one its pods have, and the one they shall have.
import { type ControllerRevision, equal, type PodTemplateSpec, type StatefulSet } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { revisionHash } from '../history/hash.ts';
import { createRevision, renumber } from '../history/history.ts';
import { templateData } from '../history/template-data.ts';

export interface Revisions {
  current: ControllerRevision;
  update: ControllerRevision;
  collisionCount: number;
}

/** Finds or makes the revision of the present template; a former one that is meant again becomes the newest. */
export function syncRevisions(client: Client, set: StatefulSet, revisions: readonly ControllerRevision[]): Revisions {
  const data = templateData(set);
  let collisionCount = set.status.collisionCount ?? 0;
  const newest = revisions.at(-1);
  const number = (newest?.revision ?? 0) + 1;
  let update = revisions.findLast((revision) => equal(revision.data, data));
  if (!update) {
    const { annotations } = set.metadata;
    const made = createRevision(client, { owner: set, labels: set.spec.template.metadata?.labels, annotations, data, revision: number }, (collisions) => revisionHash(data, collisions), collisionCount);
    update = made.created;
    collisionCount = made.collisions;
  } else if (update !== newest) update = renumber(client, update, number);
  const current = revisions.find(({ metadata }) => metadata.name === set.status.currentRevision) ?? update;
  return { current, update, collisionCount };
}

const templates = new WeakMap<ControllerRevision, PodTemplateSpec>();

/** The set with the template of a revision. */
export function atRevision(set: StatefulSet, revision: ControllerRevision): StatefulSet {
  let template = templates.get(revision);
  if (!template) {
    const { $patch: _, ...saved } = (revision.data as { spec: { template: PodTemplateSpec & { $patch?: string } } }).spec.template;
    templates.set(revision, (template = saved));
  }
  return { ...set, spec: { ...set.spec, template } };
}
