// Nodes come from the kubelet with a taint; what only the cloud knows of them is filled in here, and the taint goes
// (cloud-provider/controllers/node).
import { equal, isConflict, type Node } from '../../api/index.ts';
import type { Client, Controller, Key } from '../../client/index.ts';
import { forMapped, keyOf } from '../../client/index.ts';
import type { InstanceMetadata, Instances } from './provider.ts';

export const uninitialized = 'node.cloudprovider.kubernetes.io/uninitialized';

export interface CloudNodeOptions {
  instances: Instances;
  /** Milliseconds between two looks at all addresses. */
  nodeStatusUpdateFrequency?: number;
}

/** The request to look at all nodes; no node has this name. */
const everyNode: Key = { name: ':nodes' };

/** Labels as they were called first, and as they are called since v1.17: the first decide. */
const labelPairs = [
  ['failure-domain.beta.kubernetes.io/zone', 'topology.kubernetes.io/zone'],
  ['failure-domain.beta.kubernetes.io/region', 'topology.kubernetes.io/region'],
  ['beta.kubernetes.io/instance-type', 'node.kubernetes.io/instance-type'],
] as const;

export function cloudNodeController(client: Client, { instances, nodeStatusUpdateFrequency = 300_000 }: CloudNodeOptions): Controller {
  const isTainted = ({ spec }: Node) => spec.taints?.some(({ key }) => key === uninitialized) === true;
  let nextLook = client.clock.now;
  const start: Key[] = [everyNode];

  return {
    name: 'cloud-node',
    watches: [forMapped('Node', ({ object }) => [keyOf(object), ...start.splice(0)])],
    reconcile(request) {
      if (request.name === everyNode.name) return lookAtAll();
      const node = client.find('Node', request);
      if (!node) return;
      if (!isTainted(node)) return reconcileLabels(node);
      try {
        initialize(node);
      } catch (error) {
        if (!isConflict(error)) throw error;
        return { requeueAfter: 50 };
      }
    },
  };

  function initialize(node: Node): void {
    const metadata = instances.instanceMetadata(node);
    const taints = node.spec.taints!.filter(({ key }) => key !== uninitialized);
    const written = client.update<Node>({
      ...node,
      metadata: { ...node.metadata, labels: { ...node.metadata.labels, ...labelsOf(metadata) } },
      spec: { ...node.spec, providerID: node.spec.providerID || metadata.providerID, taints: taints.length > 0 ? taints : undefined },
    });
    updateAddresses(written, metadata);
    client.event(node, 'Normal', 'Synced', 'Node synced successfully');
  }

  function updateAddresses(node: Node, { addresses }: InstanceMetadata): void {
    if (isTainted(node) || addresses.length === 0) return;
    const before = node.status.addresses ?? [];
    const own = addresses.some(({ type }) => type === 'Hostname') ? [] : before.filter(({ type }) => type === 'Hostname');
    const after = [...addresses, ...own];
    if (!equal(before, after)) client.patch('Node', keyOf(node), { status: { addresses: after } }, { type: 'merge', subresource: 'status' });
  }

  function reconcileLabels({ metadata: { name, labels = {} } }: Node): void {
    const differing = labelPairs.filter(([first, second]) => labels[first] !== undefined && labels[second] !== labels[first]);
    if (differing.length > 0) client.patch('Node', { name }, { metadata: { labels: Object.fromEntries(differing.map(([first, second]) => [second, labels[first]])) } });
  }

  /** A machine that the cloud does not know keeps what it has. */
  function lookAtAll(): { requeueAfter: number } {
    const { now } = client.clock;
    if (now >= nextLook) {
      nextLook = now + nodeStatusUpdateFrequency;
      for (const node of [...client.cache('Node')]) if (!isTainted(node) && instances.instanceExists(node)) updateAddresses(node, instances.instanceMetadata(node));
    }
    return { requeueAfter: nextLook - now };
  }
}

function labelsOf({ instanceType, zone, region }: InstanceMetadata): Record<string, string> {
  const values = [zone, region, instanceType];
  return Object.fromEntries(labelPairs.flatMap((names, i) => (values[i] ? names.map((name) => [name, values[i]!]) : [])));
}
