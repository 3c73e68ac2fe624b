// What a stateful set writes about one pod, and the events that tell of it.
import { isAlreadyExists, isConflict, type Manifest, type Pod, type StatefulSet } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { keyText } from '../../client/index.ts';
import type { OwnWrites } from '../shared/own-writes.ts';
import { createClaims } from './claims.ts';
import { podName, storageMatches, withIdentity } from './identity.ts';
import type { Member } from './members.ts';

export interface PodWrites {
  create(ordinal: number, manifest: Manifest): void;
  /** Gives back what makes the pod a member. */
  restore(member: Member): void;
  remove(member: Member): void;
}

export function podWrites(client: Client, writes: OwnWrites, set: StatefulSet): PodWrites {
  const scope = keyText(set.metadata);
  return {
    create(ordinal, manifest) {
      const name = podName(set, ordinal);
      attempt('create', name, isAlreadyExists, () => {
        createClaims(client, set, ordinal);
        writes.wrote(scope, client.create<Pod>(manifest));
      });
    },
    restore({ pod, ordinal }) {
      attempt('update', pod.metadata.name, isConflict, () => {
        if (!storageMatches(set, pod)) createClaims(client, set, ordinal);
        writes.wrote(scope, client.update(withIdentity(set, pod)));
      });
    },
    remove({ pod, terminating }) {
      attempt('delete', pod.metadata.name, () => false, () => {
        client.delete(pod);
        if (!terminating) noteRemoval(pod);
      });
    },
  };

  /** Tells of the outcome, unless the error is of the kind that another try will mend. */
  function attempt(verb: 'create' | 'update' | 'delete', name: string, isPassing: (error: unknown) => boolean, write: () => void): void {
    try {
      write();
    } catch (error) {
      if (!isPassing(error)) tell(verb, name, error as Error);
      throw error;
    }
    tell(verb, name);
  }

  /** Either the mark or the end of the pod must be seen before the next step. */
  function noteRemoval(pod: Pod): void {
    writes.wrote(scope, { ...pod, metadata: { ...pod.metadata, resourceVersion: String(Number(pod.metadata.resourceVersion) + 1) } });
  }

  function tell(verb: string, name: string, error?: Error): void {
    const reason = `${verb[0]!.toUpperCase()}${verb.slice(1)}`;
    const message = `${verb} Pod ${name} in StatefulSet ${set.metadata.name}`;
    if (error) client.event(set, 'Warning', `Failed${reason}`, `${message} failed error: ${error.message}`);
    else client.event(set, 'Normal', `Successful${reason}`, `${message} successful`);
  }
}
