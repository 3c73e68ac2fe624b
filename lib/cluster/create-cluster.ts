import type { Client } from '../client/index.ts';
import { uninitialized } from '../controllers/index.ts';
import type { Loop } from '../sim/index.ts';
import type { Cluster } from './cluster.ts';
import { facadeOf } from './facade.ts';
import type { ClusterOptions } from './options.ts';
import { type Parts, startParts } from './parts.ts';
import { inspected } from './show.ts';
import { clientsOfUsers } from './user-clients.ts';
import { createWorkstation, workstationAddress } from './workstation.ts';

/**
 * Makes a cluster whose nodes are Ready. The same options give the same cluster, to the byte.
 * Differs from Kubernetes: the control plane, the proxies and (without `coreDNS`) DNS run beside the API, so that `kube-system` has
 * no pods of theirs; of one control plane they take no leader's lease.
 */
export function createCluster(options: ClusterOptions = {}): Cluster {
  const parts = startParts(options);
  const { client, loop, cloud } = parts;
  const cluster = clusterOf(parts, options.seed);
  if (options.kubelets !== false) untilReady(loop, client, { withoutControllers: options.controllers === false, initialized: cloud?.manager.running === true, coreDNS: options.coreDNS === true });
  return cluster;
}

/** The parts as whoever holds the cluster sees them, with a desk beside them. */
export function clusterOf(parts: Parts, seed?: ClusterOptions['seed']): Cluster {
  const { version, client, server, loop, random, serves, nodes, kubelets } = parts;
  const workstation = createWorkstation({ client, ...clientsOfUsers({ server, loop, random, reachable: serves }), loop, server, kubelets, serves, meets: () => (parts.replicas && !parts.machines.get(parts.entrance.name)!.powered ? 'drop' : parts.machines.get(parts.entrance.name)!.meets(6443, workstationAddress)) });
  const cluster = facadeOf(parts, { seed, files: workstation.files });
  // In a cell that ends with the cluster itself.
  Object.defineProperty(cluster, inspected, { value: () => `클러스터 ${version.gitVersion} (노드 ${nodes.length}개). cluster.show()로 그려 본다.` });
  return Object.defineProperties(cluster, Object.getOwnPropertyDescriptors(workstation)) as Cluster;
}

interface Wanted {
  withoutControllers: boolean;
  /** A cloud-controller-manager completes the nodes. */
  initialized: boolean;
  coreDNS: boolean;
}

/** A new cluster is handed over when its nodes are ready and names are answered, or after a minute when something is missing. */
function untilReady(loop: Loop, client: Client, { withoutControllers, initialized, coreDNS }: Wanted): void {
  loop.settle();
  if (withoutControllers) return;
  const nodes = () => client.list('Node').items.every((node) => node.status.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') && !node.spec.taints?.some((t) => t.key === 'node.kubernetes.io/not-ready' || (initialized && t.key === uninitialized)));
  const names = () => !coreDNS || client.find('Deployment', { namespace: 'kube-system', name: 'coredns' })?.status.readyReplicas === 2;
  loop.runUntil(loop.clock.now + 60_000, () => nodes() && names());
}
