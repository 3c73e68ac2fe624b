// What the CSI drivers of a machine say of it: who they are, and how much they can attach (pkg/volume/csi/nodeinfomanager).
import { equal, isAlreadyExists, type Node } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';

export interface NodeDriver {
  name: string;
  /** What the driver calls the machine. Differs from Kubernetes: one without does not stand in the CSINode. */
  nodeID?: string;
  /** Labels of nodes that say where its volumes can be reached. */
  topologyKeys?: readonly string[];
  /** How many volumes it attaches to the machine at most. */
  limit?: number;
}

/** The CSINode of the node, with its drivers. Differs from Kubernetes: a node without drivers has none. */
export function announceDrivers(client: Client, { metadata: { name, uid } }: Node, all: readonly NodeDriver[]): void {
  const drivers = all.filter(({ nodeID }) => nodeID).map(({ name: driver, nodeID, topologyKeys = [], limit }) => ({ name: driver, nodeID, topologyKeys: [...topologyKeys], ...(limit !== undefined && { allocatable: { count: limit } }) }));
  if (drivers.length === 0) return;
  try {
    client.create({ apiVersion: 'storage.k8s.io/v1', kind: 'CSINode', metadata: { name, ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid }] }, spec: { drivers } });
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    const present = client.get('CSINode', { name });
    if (!equal(present.spec.drivers, drivers)) client.update({ ...present, spec: { drivers } });
  }
}
