import { equal, type Node, type Pod, type Taint } from '../api/index.ts';
import type { CacheEvent, Client, Controller, Key } from '../client/index.ts';
import { forMapped, keyOf, keyText } from '../client/index.ts';
import { timestamp } from '../sim/index.ts';
import { ignoreNotFound } from './shared/not-found.ts';
import { toleratedSeconds } from './shared/taints.ts';

const byNode = 'pods of a node';

/** Removes pods from nodes with NoExecute taints that they do not tolerate (any longer) (pkg/controller/nodelifecycle/scheduler). */
export function taintEvictionController(client: Client): Controller {
  const component = client.version.has('taint-eviction-controller') ? 'taint-eviction-controller' : 'taint-controller';
  const pods = client.cache('Pod');
  pods.index(byNode, (pod) => (pod.spec.nodeName ? [pod.spec.nodeName] : []));
  /** When each waiting pod is due; 'gone' once it was deleted. */
  const waiting = new Map<string, number | 'gone'>();

  return {
    name: 'taint-eviction-controller',
    watches: [forMapped('Node', nodeChanged), forMapped('Pod', podChanged)],
    reconcile(request) {
      const pod = client.find('Pod', request);
      const seconds = pod ? toleratedSeconds(noExecuteTaints(nodeOf(pod)), pod.spec.tolerations) : Infinity;
      if (!pod || seconds === Infinity) return cancel(request, pod);
      const known = waiting.get(keyText(request));
      if (known === 'gone') return;
      // A pod that waits already keeps its time, unless nothing is tolerated any more.
      const due = seconds === 0 ? client.clock.now : (known ?? client.clock.now + seconds * 1000);
      waiting.set(keyText(request), due);
      if (due > client.clock.now) return { requeueAfter: due - client.clock.now };
      evict(pod);
      waiting.set(keyText(request), 'gone');
    },
  };

  function nodeChanged({ type, object: node, old }: CacheEvent<Node>): Key[] {
    if (type === 'DELETED') return [];
    const [before, now] = [noExecuteTaints(old), noExecuteTaints(node)];
    return equal(before, now) ? [] : [...pods.by(byNode, node.metadata.name)].map(keyOf);
  }

  function podChanged({ type, object: pod, old }: CacheEvent<Pod>): Key[] {
    if (type === 'DELETED') return waiting.has(keyText(pod.metadata)) ? [keyOf(pod)] : [];
    if (!pod.spec.nodeName) return [];
    if (old && old.spec.nodeName === pod.spec.nodeName && equal(old.spec.tolerations, pod.spec.tolerations)) return [];
    return noExecuteTaints(nodeOf(pod)).length > 0 ? [keyOf(pod)] : [];
  }

  function nodeOf({ spec }: Pod): Node | undefined {
    return spec.nodeName ? client.find('Node', { name: spec.nodeName }) : undefined;
  }

  function cancel(key: Key, pod: Pod | undefined): void {
    const due = waiting.get(keyText(key));
    waiting.delete(keyText(key));
    if (typeof due === 'number') tell(pod ?? podNamed(key), `Cancelling deletion of Pod ${keyText(key)}`);
  }

  function evict(pod: Pod): void {
    tell(pod, `Marking for deletion Pod ${keyText(pod.metadata)}`);
    ignoreNotFound(() => {
      if (client.version.has('disruption-target')) client.updateStatus(pod, { conditions: disrupted(pod) });
      client.delete(pod);
    });
  }

  function disrupted({ status }: Pod): Pod['status']['conditions'] {
    const others = (status.conditions ?? []).filter(({ type }) => type !== 'DisruptionTarget');
    const message = 'Taint manager: deleting due to NoExecute taint';
    return [...others, { type: 'DisruptionTarget', status: 'True', lastTransitionTime: timestamp(client.clock.now), reason: 'DeletionByTaintManager', message }];
  }

  function tell(pod: Pod, message: string): void {
    client.event(pod, 'Normal', 'TaintManagerEviction', message, { component });
  }
}

const none: readonly Taint[] = [];
function noExecuteTaints(node: Node | undefined): readonly Taint[] {
  return node?.spec.taints?.filter(({ effect }) => effect === 'NoExecute') ?? none;
}

/** What is left of a pod that is gone: enough for an event about it. */
function podNamed({ namespace, name }: Key): Pod {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { namespace, name } } as Pod;
}
