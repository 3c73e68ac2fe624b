// What people do in a history.
import { isAlreadyExists, type KubeObject, type Manifest, type Node, type Pod } from '../../lib/api/index.ts';
import type { History } from './history.ts';
import { foreignPod, importantPod, manifestOf, nameOf, strayPod } from './manifests.ts';
import { taintKey } from './shapes.ts';
import type { Action } from './steps.ts';
import { weatherOver, worker } from './weather.ts';
import { brokenImage, images } from './workloads.ts';
import { attempt, type World } from './world.ts';

/** What the manifests say by now, and what was deleted. */
export interface Intent {
  /** By workload: whether it is to be there, and how many replicas it was last told to have. */
  there: boolean[];
  replicas: (number | undefined)[];
}

const namespace = 'default';
const scalable = new Set(['Deployment', 'ReplicaSet', 'ReplicationController', 'StatefulSet', 'Job', 'Fleet']);
const withTemplate = new Set(['Deployment', 'ReplicaSet', 'ReplicationController', 'StatefulSet', 'DaemonSet']);
const withRevisions = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);
const pausable = new Set(['Deployment', 'Job', 'CronJob']);

export function actor(world: World, { workloads }: History, intent: Intent) {
  const { cluster } = world;
  const { client } = cluster;
  let [strays, important] = [0, 0];
  const patch = (kind: string, name: string, body: unknown) => attempt(() => client.patch(kind, { namespace, name }, body));
  const spec = (i: number, body: unknown) => patch(workloads[i]!.kind, nameOf(i), { spec: body });
  const podsOf = () => (client.list('Pod', { namespace }).items as Pod[]).sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));

  function apply(i: number): void {
    const manifest: Manifest = manifestOf(workloads[i]!, i);
    try {
      client.create(manifest);
      intent.replicas[i] = manifest.spec.replicas;
      intent.there[i] = true;
    } catch (error) {
      if (!isAlreadyExists(error)) attempt(() => { throw error; });
    }
  }

  /** The first workload from the `on`th on of which this can be asked. */
  function pick(on: number, kinds: ReadonlySet<string>): number | undefined {
    const order = workloads.map((_, i) => (on + i) % workloads.length);
    return order.find((i) => kinds.has(workloads[i]!.kind));
  }

  function scale(on: number, to: number): void {
    const i = pick(on, scalable);
    if (i === undefined) return;
    if (workloads[i]!.kind === 'Job') spec(i, { parallelism: to });
    else if (spec(i, { replicas: to })) intent.replicas[i] = to;
  }

  /** Always another one than before. */
  function image(on: number, next: number): void {
    const i = pick(on, withTemplate);
    if (i === undefined) return;
    const { kind } = workloads[i]!;
    // A StatefulSet whose pod cannot become ready waits for a person to delete it: Kubernetes' own known limit.
    const choices = kind === 'Deployment' || kind === 'DaemonSet' ? images : images.filter((one) => one !== brokenImage);
    attempt(() => {
      const present = (client.get(kind, { namespace, name: nameOf(i) }) as KubeObject).spec.template.spec.containers[0].image;
      spec(i, { template: { spec: { containers: [{ name: 'main', image: choices[(choices.indexOf(present) + 1 + next) % choices.length] }] } } });
    });
  }

  function evict({ metadata: { name } }: Pod): void {
    const object = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { namespace, name } };
    attempt(() => cluster.server.handle({ verb: 'create', resource: cluster.server.resourceOf('Pod'), namespace, name, subresource: 'eviction', object, user: 'kubernetes-admin', userAgent: 'kubectl' }));
  }

  /** A label that is changed away makes a stranger of a pod; changed back, it is found again. */
  function relabel({ metadata }: Pod): void {
    const { app, was } = metadata.labels ?? {};
    patch('Pod', metadata.name, { metadata: { labels: was ? { app: was, was: null } : { app: 'lost', was: app } } });
  }

  function drain(node: string): void {
    patch('Node', node, { spec: { unschedulable: true } });
    const daemon = ({ metadata }: KubeObject) => metadata.ownerReferences?.some(({ kind }) => kind === 'DaemonSet');
    attempt(() => podsOf().filter((pod) => pod.spec.nodeName === node && !daemon(pod)).forEach(evict));
  }

  function taint(name: string, effect?: string): void {
    attempt(() => {
      const node = client.get('Node', { name }) as Node;
      const others = (node.spec.taints ?? []).filter(({ key }) => key !== taintKey);
      client.update({ ...node, spec: { ...node.spec, taints: effect ? [...others, { key: taintKey, value: 'yes', effect }] : others } });
    });
  }

  function partition(on: number, to: number): void {
    const i = pick(on, new Set(['StatefulSet']));
    if (i !== undefined) spec(i, { updateStrategy: { rollingUpdate: { partition: to } } });
  }

  function pause(on: number, value: boolean): void {
    const i = pick(on, pausable);
    if (i !== undefined) spec(i, workloads[i]!.kind === 'Deployment' ? { paused: value } : { suspend: value });
  }

  function undo(on: number): void {
    const i = pick(on, withRevisions);
    if (i === undefined) return;
    const { kind } = workloads[i]!;
    cluster.kubectl.run(['rollout', 'undo', `${kind.toLowerCase()}/${nameOf(i)}`]);
  }

  /** Taken away in the middle of things, as soon as the server answers. */
  function hold(i: number, lasts: number): void {
    const { server } = cluster;
    const [resource, name, mark] = [server.resourceOf(workloads[i]!.kind), nameOf(i), 'example.com/hold'];
    const finalizers = () => (server.storage.find(resource, namespace, name)?.metadata.finalizers ?? []).filter((one) => one !== mark);
    const free = () => {
      if (!server.storage.find(resource, namespace, name)?.metadata.finalizers?.includes(mark)) return;
      const patch = { type: 'merge', body: { metadata: { finalizers: finalizers() } } } as const;
      if (!attempt(() => server.handle({ verb: 'patch', resource, namespace, name, patch, user: 'kubernetes-admin', userAgent: 'kubectl' }))) world.mendLater(1000, free);
    };
    if (attempt(() => client.patch(workloads[i]!.kind, { namespace, name }, { metadata: { finalizers: [...finalizers(), mark] } }))) world.mendLater(lasts, free);
  }

  const aPod = (n: number, what: (pod: Pod) => void) => attempt(() => {
    const pods = podsOf();
    if (pods.length > 0) what(pods[n % pods.length]!);
  });
  const weather = weatherOver(world);

  return function act(action: Action): void {
    const i = 'on' in action ? action.on % workloads.length : 0;
    switch (action.op) {
      case 'apply': return apply(i);
      case 'scale': return scale(i, action.to);
      case 'image': return image(i, action.next);
      case 'partition': return partition(i, action.to);
      case 'pause': return pause(i, true);
      case 'resume': return pause(i, false);
      case 'undo': return undo(i);
      case 'delete':
        if (attempt(() => client.delete({ kind: workloads[i]!.kind, metadata: { namespace, name: nameOf(i) } }, { propagationPolicy: action.policy }))) intent.there[i] = false;
        return;
      case 'relabel': return void aPod(action.pod, relabel);
      case 'delete-pod': return void aPod(action.pod, (pod) => void client.delete(pod, action.force ? { gracePeriodSeconds: 0 } : {}));
      case 'stray': return void attempt(() => client.create(strayPod(i, strays++)));
      case 'hold': return hold(i, action.lasts);
      case 'foreign': return void attempt(() => client.create(foreignPod(i, strays++, client.get(workloads[i]!.kind, { namespace, name: nameOf(i) }) as KubeObject)));
      case 'evict': return void aPod(action.pod, evict);
      case 'drain': return drain(worker(action.node));
      case 'uncordon': return void patch('Node', worker(action.node), { spec: { unschedulable: false } });
      case 'taint': return taint(worker(action.node), action.effect);
      case 'untaint': return taint(worker(action.node));
      case 'vip': return void attempt(() => client.create(importantPod(important++, action)));
      case 'quota': return void patch('ResourceQuota', 'limits', { spec: { hard: { pods: String(action.pods) } } });
      default: return weather(action);
    }
  };
}
