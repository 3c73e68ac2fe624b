// Makes and deletes pods for an owner, and says so in events about it.
import { isNotFound, type KubeObject, type Manifest, type Pod } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { keyText } from '../../client/index.ts';
import { isNamespaceTerminating } from './errors.ts';
import type { Expectations } from './expectations.ts';
import { slowStart } from './slow-start.ts';

export interface PodControl {
  /** Makes `count` pods in growing batches; `make` gives each. Returns how many there are now, and the first error. */
  create(owner: KubeObject, count: number, make: (i: number) => Manifest): { done: number; error?: unknown };
  /** Deletes pods; returns how many are going, and the first error. Pods that are gone already count. */
  delete(owner: KubeObject, pods: readonly Pod[]): { done: number; error?: unknown };
  /** Makes some and deletes others in one step. */
  both(owner: KubeObject, manifests: readonly Manifest[], pods: readonly Pod[]): { error?: unknown };
}

/** With `expectations`, what is written is expected to be seen. */
export function podControl(client: Client, expectations: Expectations): PodControl {
  return {
    create(owner, count, make) {
      expectations.expectCreations(keyText(owner.metadata), count);
      return createAll(owner, count, make);
    },
    delete(owner, pods) {
      expectations.expectDeletions(keyText(owner.metadata), keysOf(pods));
      return deleteAll(owner, pods);
    },
    both(owner, manifests, pods) {
      expectations.expectBoth(keyText(owner.metadata), manifests.length, keysOf(pods));
      const [made, deleted] = [createAll(owner, manifests.length, (i) => manifests[i]!), deleteAll(owner, pods)];
      return { error: made.error ?? deleted.error };
    },
  };

  function createAll(owner: KubeObject, count: number, make: (i: number) => Manifest) {
    const key = keyText(owner.metadata);
    let i = 0;
    const { done, error } = slowStart(count, () => createOne(client, owner, make(i++), () => expectations.creationObserved(key)));
    expectations.creationObserved(key, count - done);
    return { done, error };
  }

  function deleteAll(owner: KubeObject, pods: readonly Pod[]) {
    const key = keyText(owner.metadata);
    let done = 0;
    let error: unknown;
    for (const pod of pods) {
      const failure = deleteOne(client, owner, pod);
      if (failure === undefined) done++;
      else error ??= failure;
      if (failure !== undefined || !client.find('Pod', pod.metadata)) expectations.deletionObserved(key, keyText(pod.metadata));
    }
    return { done, error };
  }
}

const keysOf = (pods: readonly Pod[]) => pods.map(({ metadata }) => keyText(metadata));

function createOne(client: Client, owner: KubeObject, manifest: Manifest, notSeen: () => void): void {
  try {
    const created = client.create<Pod>(manifest);
    client.event(owner, 'Normal', 'SuccessfulCreate', `Created pod: ${created.metadata.name}`);
  } catch (failure) {
    // In a namespace that is going away every creation fails, and rightly so.
    if (isNamespaceTerminating(failure)) return notSeen();
    client.event(owner, 'Warning', 'FailedCreate', `Error creating: ${(failure as Error).message}`);
    throw failure;
  }
}

function deleteOne(client: Client, owner: KubeObject, pod: Pod): Error | undefined {
  try {
    client.delete(pod);
    client.event(owner, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`);
  } catch (failure) {
    if (isNotFound(failure)) return undefined;
    client.event(owner, 'Warning', 'FailedDelete', `Error deleting: ${(failure as Error).message}`);
    return new Error(`unable to delete pods: ${(failure as Error).message}`);
  }
}
