// Mirror pods: what the API shows of pods that it has no say in (pkg/kubelet/pod/mirror_client.go).
import { isConflict, isNotFound, type Node, type Pod, StatusError } from '../../api/index.ts';
import { type Client, ConnectionError } from '../../client/index.ts';
import { annotationKeys, fullName } from './manifest.ts';

export interface MirrorPodsOptions {
  client: Client;
  /** The node as the API server has it; undefined while it is not registered. */
  node(): Node | undefined;
}

export class MirrorPods {
  #options: MirrorPodsOptions;
  #pods = new Map<string, Pod>();

  constructor(options: MirrorPodsOptions) {
    this.#options = options;
  }

  get names(): Iterable<string> {
    return this.#pods.keys();
  }

  of(pod: Pod): Pod | undefined {
    return this.#pods.get(fullName(pod));
  }

  /** As the API has it now. */
  set(mirror: Pod): void {
    this.#pods.set(fullName(mirror), mirror);
  }

  forget(mirror: Pod): void {
    if (this.of(mirror)?.metadata.uid === mirror.metadata.uid) this.#pods.delete(fullName(mirror));
  }

  /** Makes the mirror pod if there is none that shows this pod. True when the API knows nothing yet of how the pod is. */
  ensure(pod: Pod): boolean {
    const mirror = this.of(pod);
    if (mirror && !mirror.metadata.deletionTimestamp && mirror.metadata.annotations?.[annotationKeys.mirror] === pod.metadata.uid) return false;
    if (!mirror || this.delete(fullName(pod), mirror.metadata.uid)) this.#create(pod);
    return true;
  }

  #create(pod: Pod): void {
    const { client, node: find } = this.#options;
    const node = find();
    if (!node || node.metadata.deletionTimestamp) return;
    const { name, namespace, labels, annotations, uid } = pod.metadata;
    const ownerReferences = [{ apiVersion: 'v1', kind: 'Node', name: node.metadata.name, uid: node.metadata.uid, controller: true }];
    const metadata = { name, namespace, ...(labels && { labels }), annotations: { ...annotations, [annotationKeys.mirror]: uid }, ownerReferences };
    try {
      this.set(client.create<Pod>({ apiVersion: 'v1', kind: 'Pod', metadata, spec: pod.spec }));
    } catch (error) {
      // Tried again when the pod is looked at again.
      if (!(error instanceof ConnectionError || error instanceof StatusError)) throw error;
    }
  }

  /** Deletes it at once; true when it is gone. */
  delete(name: string, uid?: string): boolean {
    const mirror = this.#pods.get(name);
    if (!mirror) return false;
    try {
      this.#options.client.delete(mirror, { gracePeriodSeconds: 0, ...(uid && { preconditions: { uid } }) });
    } catch (error) {
      if (error instanceof ConnectionError) return false;
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
    this.#pods.delete(name);
    return true;
  }
}
