// Whose business a change of a pod is, and which expectation it fulfils.
import { equal, type KubeObject, type OwnerReference, type Pod, type Selector } from '../../api/index.ts';
import type { CacheEvent, Client, Key } from '../../client/index.ts';
import { keyOf, keyText } from '../../client/index.ts';
import type { Expectations } from './expectations.ts';
import { controllerOf } from './owners.ts';

export function podRequests<T extends KubeObject>(kind: string, selectorOf: (owner: T) => Selector, expectations: Expectations) {
  return (event: CacheEvent<Pod>, client: Client): Key[] => {
    const { type, object: pod, old } = event;
    const owner = ownerKey(pod, controllerOf(pod), client);
    if (type === 'DELETED' || pod.metadata.deletionTimestamp) {
      if (owner) expectations.deletionObserved(keyText(owner), keyText(pod.metadata));
      return owner ? [owner] : [];
    }
    if (type === 'ADDED' && owner) expectations.creationObserved(keyText(owner));
    if (owner && (!old || sameController(pod, old))) return [owner];
    const former = old && ownerKey(old, controllerOf(old), client);
    const interested = controllerOf(pod) ? [] : mayAdopt(event, client);
    return [owner, former, ...interested].filter((key) => key !== undefined);
  };

  /** The owner that the reference means; another object may have taken its name meanwhile. */
  function ownerKey({ metadata }: Pod, reference: OwnerReference | undefined, client: Client): Key | undefined {
    if (reference?.kind !== kind) return undefined;
    const key = { namespace: metadata.namespace, name: reference.name };
    return client.find(kind, key)?.metadata.uid === reference.uid ? key : undefined;
  }

  function mayAdopt({ object: pod, old }: CacheEvent<Pod>, client: Client): Key[] {
    if (old && sameController(pod, old) && equal(pod.metadata.labels, old.metadata.labels)) return [];
    const owners = [...client.cache(kind).inNamespace(pod.metadata.namespace!)] as unknown as T[];
    return owners.filter((owner) => selects(selectorOf(owner), pod)).map(keyOf);
  }
}

function selects(selector: Selector, pod: Pod): boolean {
  return !selector.empty && selector.matches(pod.metadata.labels);
}

function sameController(pod: Pod, old: Pod): boolean {
  return pod.metadata.ownerReferences === old.metadata.ownerReferences || controllerOf(pod)?.uid === controllerOf(old)?.uid;
}
