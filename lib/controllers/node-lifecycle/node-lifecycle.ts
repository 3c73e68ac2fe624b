import type { Node, Pod } from '../../api/index.ts';
import type { CacheEvent, Client, Controller, Key } from '../../client/index.ts';
import { forMapped, keyOf } from '../../client/index.ts';
import { byNode, type MonitorOptions, NodeMonitor } from './monitor.ts';
import { syncBetaLabels, syncNoScheduleTaints } from './no-schedule.ts';

export interface NodeLifecycleOptions extends Partial<MonitorOptions> {
  /** Milliseconds between two looks at all nodes. */
  nodeMonitorPeriod?: number;
}

/** The request to look at all nodes; no namespace has this name. */
const monitoring: Key = { namespace: ':', name: 'nodes' };
/** NoExecute taints are given out on this beat (milliseconds). */
const taintPeriod = 100;

/** Notices nodes that fell silent, and says so by conditions and taints (pkg/controller/nodelifecycle). */
export function nodeLifecycleController(client: Client, options: NodeLifecycleOptions = {}): Controller {
  const { nodeMonitorPeriod = 5000, ...given } = options;
  const monitor = new NodeMonitor(client, {
    nodeMonitorGracePeriod: client.version.has('node-monitor-grace-50s') ? 50_000 : 40_000,
    nodeStartupGracePeriod: 60_000,
    nodeEvictionRate: 0.1,
    secondaryNodeEvictionRate: 0.01,
    unhealthyZoneThreshold: 0.55,
    largeClusterSizeThreshold: 50,
    ...given,
  });
  const pods = client.cache('Pod');
  pods.index(byNode, (pod) => (pod.spec.nodeName ? [pod.spec.nodeName] : []));
  client.cache('Lease');
  let nextLook = client.clock.now;
  let nextTaint: number | undefined;

  return {
    name: 'nodelifecycle',
    watches: [forMapped('Node', nodeChanged), forMapped('Pod', podAssigned)],
    reconcile(request) {
      if (request.namespace === monitoring.namespace) return monitorNodes();
      return request.namespace ? markLatePod(request) : syncNode(request);
    },
  };

  function nodeChanged({ type, object }: CacheEvent<Node>): Key[] {
    return type === 'MODIFIED' ? [keyOf(object)] : [keyOf(object), monitoring];
  }

  /** A pod that came to a silent node after its pods were marked. */
  function podAssigned({ type, object: pod, old }: CacheEvent<Pod>): Key[] {
    const { nodeName } = pod.spec;
    if (type === 'DELETED' || !nodeName || nodeName === old?.spec.nodeName) return [];
    return (monitor.readyOf(nodeName) ?? 'True') === 'True' ? [] : [keyOf(pod)];
  }

  function monitorNodes(): void | { requeueAfter: number } {
    const { now } = client.clock;
    if (now >= nextLook) {
      nextLook = now + nodeMonitorPeriod;
      monitor.look();
    }
    if (nextTaint !== undefined && now >= nextTaint) monitor.taint();
    const due = monitor.nextTaint();
    nextTaint = due === undefined ? undefined : nextTaint !== undefined && now < nextTaint ? nextTaint : Math.max(due, now + taintPeriod);
    if (monitor.nodes === 0 && client.cache('Node').size === 0) return;
    return { requeueAfter: Math.min(nextLook, nextTaint ?? Infinity) - now };
  }

  function markLatePod(key: Key): void {
    const pod = client.find('Pod', key);
    const ready = pod?.spec.nodeName && monitor.readyOf(pod.spec.nodeName);
    if (pod && ready && ready !== 'True') monitor.markPodsNotReady([pod]);
  }

  function syncNode(key: Key): void {
    const node = client.find('Node', key);
    if (!node) return;
    syncNoScheduleTaints(client, node);
    syncBetaLabels(client, node);
  }
}
