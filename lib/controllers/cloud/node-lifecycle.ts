// Nodes that fell silent: is the machine gone, or only switched off? The cloud is asked (cloud-provider/controllers/nodelifecycle).
import type { Node } from '../../api/index.ts';
import type { Client, Controller, Key } from '../../client/index.ts';
import { forMapped } from '../../client/index.ts';
import { ignoreNotFound } from '../shared/not-found.ts';
import { hasTaint, swapTaints, type TaintId } from '../shared/taints.ts';
import type { Instances } from './provider.ts';

export interface CloudNodeLifecycleOptions {
  instances: Instances;
  /** Milliseconds between two looks at all nodes. */
  nodeMonitorPeriod?: number;
}

const shutdown: TaintId = { key: 'node.cloudprovider.kubernetes.io/shutdown', effect: 'NoSchedule' };
const everyNode: Key = { name: ':nodes' };

export function cloudNodeLifecycleController(client: Client, { instances, nodeMonitorPeriod = 5000 }: CloudNodeLifecycleOptions): Controller {
  let nextLook = client.clock.now;

  return {
    name: 'cloud-node-lifecycle',
    watches: [forMapped('Node', ({ type }) => (type === 'ADDED' ? [everyNode] : []))],
    reconcile() {
      const { now } = client.clock;
      if (now >= nextLook) {
        nextLook = now + nodeMonitorPeriod;
        for (const node of [...client.cache('Node')]) look(node);
      }
      return client.cache('Node').size > 0 ? { requeueAfter: nextLook - now } : undefined;
    },
  };

  function look(node: Node): void {
    const ready = node.status.conditions?.find(({ type }) => type === 'Ready')?.status ?? 'Unknown';
    if (ready === 'True') {
      if (hasTaint(node, shutdown)) swapTaints(client, node.metadata.name, [], [shutdown]);
    } else if (!instances.instanceExists(node)) remove(node);
    else if (instances.instanceShutdown(node) && !hasTaint(node, shutdown)) swapTaints(client, node.metadata.name, [shutdown], []);
  }

  function remove(node: Node): void {
    const { name } = node.metadata;
    const why = `Deleting node ${name} because it does not exist in the cloud provider`;
    if (client.version.has('deleting-node-reason')) client.event(node, 'Normal', 'DeletingNode', why);
    else client.event(node, 'Normal', why, `Node ${name} event: DeletingNode`);
    ignoreNotFound(() => client.delete(node));
  }
}
