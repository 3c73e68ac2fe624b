// What a drawing shows, read from plain objects.
import { nodeReady, type Node, type Pod, parseSelector, type Service } from '../api/index.ts';
import { podState, type PodState } from './pod-state.ts';

/** The objects of a cluster; none of them is changed. */
export interface ClusterObjects {
  nodes: Iterable<Node>;
  pods: Iterable<Pod>;
  services?: Iterable<Service>;
  /** Heading. */
  title?: string;
}

export interface PodBox {
  name: string;
  namespace: string;
  state: PodState;
  reason: string;
  ip: string;
  restarts: number;
  labels: Readonly<Record<string, string>>;
}

export interface NodeBox {
  name: string;
  ready: boolean;
  cordoned: boolean;
  controlPlane: boolean;
  ip: string;
  pods: PodBox[];
}

export interface ServiceBox {
  name: string;
  namespace: string;
  address: string;
  /** The pods behind it. */
  pods: PodBox[];
}

export interface ClusterModel {
  title: string;
  nodes: NodeBox[];
  /** Pods that no node has. */
  waiting: PodBox[];
  services: ServiceBox[];
}

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

function podBox(pod: Pod): PodBox {
  const { name, namespace = 'default', labels = {} } = pod.metadata;
  const restarts = (pod.status.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);
  return { name, namespace, ...podState(pod), ip: pod.status.podIP ?? '', restarts, labels };
}

function nodeBox(node: Node): NodeBox {
  const { name, labels = {} } = node.metadata;
  const controlPlane = 'node-role.kubernetes.io/control-plane' in labels || 'node-role.kubernetes.io/master' in labels;
  const ip = node.status.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? '';
  return { name, ready: nodeReady(node), cordoned: Boolean(node.spec.unschedulable), controlPlane, ip, pods: [] };
}

function serviceBox({ metadata, spec }: Service, pods: readonly PodBox[]): ServiceBox {
  const ports = (spec.ports ?? []).map(({ port, nodePort }) => (nodePort ? `${port} (노드 포트 ${nodePort})` : String(port))).join(', ');
  const selector = Object.entries(spec.selector ?? {}).map(([key, value]) => `${key}=${value}`).join(',');
  const { namespace = 'default' } = metadata;
  const matcher = selector ? parseSelector(selector) : undefined;
  return { name: metadata.name, namespace, address: `${spec.clusterIP ?? ''}${ports && `:${ports}`}`, pods: matcher ? pods.filter((pod) => pod.namespace === namespace && matcher.matches(pod.labels)) : [] };
}

/** Control planes first, then workers by name; pods by name. */
export function modelOf({ nodes, pods, services = [], title = '' }: ClusterObjects): ClusterModel {
  const boxes = [...nodes].map(nodeBox).sort((a, b) => Number(b.controlPlane) - Number(a.controlPlane) || byName(a, b));
  const byNode = new Map(boxes.map((box) => [box.name, box]));
  const waiting: PodBox[] = [];
  const all: PodBox[] = [];
  for (const pod of pods) {
    const box = podBox(pod);
    all.push(box);
    (byNode.get(pod.spec.nodeName ?? '')?.pods ?? waiting).push(box);
  }
  for (const box of boxes) box.pods.sort(byName);
  const behind = [...services].map((service) => serviceBox(service, all)).filter(({ name, pods: found }) => name !== 'kubernetes' || found.length > 0);
  return { title, nodes: boxes, waiting: waiting.sort(byName), services: behind.sort(byName) };
}
