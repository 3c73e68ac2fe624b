// Which pods a service selects, kept by events: a change of one pod looks at no other.
import { equal, isPodReady, type Pod, type Service } from '../../api/index.ts';
import type { CacheEvent, Client, Key, Watch } from '../../client/index.ts';
import { keyOf, keyText } from '../../client/index.ts';
import { setSelector } from '../shared/selectors.ts';

export interface Members {
  watches: Watch[];
  of(service: Key): Iterable<Pod>;
}

export function serviceMembers(client: Client): Members {
  const members = new Map<string, Map<string, Pod>>();
  /** Services by namespace: a pod has to be compared with these only. */
  const services = new Map<string, Map<string, Service>>();

  return {
    watches: [
      { kind: 'Service', requests: serviceChanged },
      { kind: 'Pod', requests: podChanged },
    ],
    of: (service) => members.get(keyText(service))?.values() ?? [],
  };

  function serviceChanged({ type, object: service, old }: CacheEvent<Service>): Key[] {
    const namespace = service.metadata.namespace!;
    const key = keyText(service.metadata);
    if (type === 'DELETED' || !hasSelector(service)) {
      members.delete(key);
      services.get(namespace)?.delete(key);
    } else {
      if (!services.has(namespace)) services.set(namespace, new Map());
      services.get(namespace)!.set(key, service);
      if (!old || !equal(old.spec.selector, service.spec.selector)) members.set(key, select(service));
    }
    return [keyOf(service)];
  }

  function select(service: Service): Map<string, Pod> {
    const selector = setSelector(service.spec.selector);
    const found = new Map<string, Pod>();
    for (const pod of client.cache('Pod').inNamespace(service.metadata.namespace!)) if (selector.matches(pod.metadata.labels)) found.set(pod.metadata.name, pod);
    return found;
  }

  function podChanged({ type, object: pod, old }: CacheEvent<Pod>): Key[] {
    const candidates = services.get(pod.metadata.namespace!);
    if (!candidates || candidates.size === 0) return [];
    const requests: Key[] = [];
    for (const [key, service] of candidates) {
      const pods = members.get(key)!;
      const was = pods.delete(pod.metadata.name) || (old !== undefined && setSelector(service.spec.selector).matches(old.metadata.labels));
      const is = type !== 'DELETED' && setSelector(service.spec.selector).matches(pod.metadata.labels);
      if (is) pods.set(pod.metadata.name, pod);
      if (was !== is || (is && (!old || endpointChanged(old, pod)))) requests.push(keyOf(service));
    }
    return requests;
  }
}

/** An empty selector counts as none: such a service's endpoints are somebody else's work. */
export function hasSelector({ spec }: Service): boolean {
  for (const _ in spec.selector) return true;
  return false;
}

function endpointChanged(old: Pod, pod: Pod): boolean {
  return (
    old.metadata.deletionTimestamp !== pod.metadata.deletionTimestamp ||
    isPodReady(old) !== isPodReady(pod) ||
    old.status.podIP !== pod.status.podIP ||
    !equal(old.status.podIPs, pod.status.podIPs) ||
    old.status.phase !== pod.status.phase ||
    !equal(old.metadata.labels, pod.metadata.labels)
  );
}
