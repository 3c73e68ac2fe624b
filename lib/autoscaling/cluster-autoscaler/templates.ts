// The node that a group would add: made of one that it has, or of what the cloud says (cluster-autoscaler/simulator/node_info_utils.go).
import type { Node, Pod } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import type { ClusterState } from './cluster-state.ts';
import { isDaemonSetPod, isMirrorPod } from './drainability.ts';
import { lastingTaints } from './taints.ts';
import type { NodeGroup, Simulation } from './types.ts';

export interface Template {
  /** With a name of its own. */
  node(name: string): Node;
  /** The pods that it would have from the beginning, on a node of this name. */
  pods(name: string): Pod[];
}

export interface TemplateParts {
  client: Client;
  state: ClusterState;
  simulation: Simulation;
}

export function templateOf(group: NodeGroup, { client, state, simulation }: TemplateParts): Template {
  const [sample] = state.counts.get(group.id)!.ready;
  const node = sample ?? group.template();
  const pods = sample ? [...client.cache('Pod').by('node', sample.metadata.name)].filter((pod) => isDaemonSetPod(pod) || isMirrorPod(pod)) : daemonPods(client, node, simulation);
  return {
    node: (name) => renamed(node, name),
    pods: (name) => pods.map((pod) => ({ ...pod, metadata: { ...pod.metadata, name: `${pod.metadata.name}-${name}`, uid: `${pod.metadata.uid}-${name}` }, spec: { ...pod.spec, nodeName: name } })),
  };
}

function renamed(node: Node, name: string): Node {
  const taints = lastingTaints(node);
  const { unschedulable: _, ...spec } = node.spec;
  return { ...node, metadata: { ...node.metadata, name, uid: name, labels: { ...node.metadata.labels, 'kubernetes.io/hostname': name } }, spec: { ...spec, taints } };
}

/** Of the DaemonSets that would run on a node that nobody has seen yet. */
function daemonPods(client: Client, node: Node, simulation: Simulation): Pod[] {
  simulation.addNode(node);
  const pods = [...client.cache('DaemonSet')].flatMap(({ metadata, spec }) => {
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { ...spec.template.metadata, name: metadata.name, namespace: metadata.namespace, uid: metadata.uid, ownerReferences: [{ apiVersion: 'apps/v1', kind: 'DaemonSet', name: metadata.name, uid: metadata.uid, controller: true }] }, spec: spec.template.spec } as Pod;
    return simulation.refusal(pod, node.metadata.name) ? [] : [pod];
  });
  simulation.removeNode(node.metadata.name);
  return pods;
}
