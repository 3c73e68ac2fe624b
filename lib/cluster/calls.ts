// Who calls whom: what goes over the kubelets' sockets to their container runtimes, and over all lines of the cluster.
import type { RequestRecord } from '../apiserver/index.ts';
import type { Runtime } from '../machine/index.ts';
import type { Clock } from '../sim/index.ts';

/** A call over the socket between a kubelet and its container runtime, by the name that it has in the CRI. */
export interface CriCall {
  /** Milliseconds of virtual time. */
  readonly time: number;
  readonly node: string;
  readonly call: 'RunPodSandbox' | 'PullImage' | 'CreateContainer' | 'StartContainer' | 'StopContainer' | 'ExecSync' | 'StopPodSandbox' | 'RemovePodSandbox';
  /** `default/web`; missing where the call is about no pod. */
  readonly pod?: string;
  readonly container?: string;
  readonly image?: string;
}

/** One call from one process to another; processes of a node carry its name: `kubelet/worker-1`. */
export interface Connection {
  /** Milliseconds of virtual time. */
  readonly time: number;
  readonly from: string;
  readonly to: string;
  /** `create /api/v1/namespaces/default/pods`, `RunPodSandbox`. */
  readonly what: string;
}

/** Calls that were heard, and how many requests the API server had answered before each. */
export interface Heard<T> {
  readonly calls: readonly T[];
  readonly after: readonly number[];
}

/** How many calls of a node are remembered; the oldest go first. */
const limit = 1000;

/** Listens to what is asked of a runtime from now on. Differs from Kubernetes: calls that only look at something are not told. */
export function listenTo(runtime: Runtime, node: string, { clock, requests }: { clock: Clock; requests(): number }): Heard<CriCall> {
  const calls: CriCall[] = [];
  const after: number[] = [];
  /** While the runtime itself does what it was asked for. */
  let within = false;
  const add = (call: CriCall['call'], about: Omit<CriCall, 'time' | 'node' | 'call'>) => {
    if (within) return;
    calls.push({ time: clock.now, node, call, ...about });
    after.push(requests());
    if (calls.length > 2 * limit) [calls, after].forEach((list) => list.splice(0, limit));
  };
  const podOf = (uid: string) => {
    const pod = runtime.pods.get(uid);
    return pod && { pod: `${pod.namespace}/${pod.name}` };
  };
  let made: { id: string; about: object } | undefined;
  /** Whose container has this id; mostly it is the one that was just made. */
  const containerOf = (id: string) => {
    if (made?.id === id) return made.about;
    for (const pod of runtime.pods.values()) for (const { id: other, config } of pod.containers) if (other === id) return { ...podOf(pod.uid), container: config.name };
    return {};
  };
  const { runSandbox, pull, createContainer, startContainer, stopContainer, stopSandbox, removePod, exec } = runtime;
  const heard: Partial<Runtime> = {
    runSandbox: (config) => (add('RunPodSandbox', { pod: `${config.namespace}/${config.name}` }), runSandbox.call(runtime, config)),
    pull: (image, done) => (add('PullImage', { image }), pull.call(runtime, image, done)),
    createContainer(uid, config) {
      const about = { ...podOf(uid), container: config.name };
      add('CreateContainer', about);
      const record = createContainer.call(runtime, uid, config);
      made = { id: record.id, about };
      return record;
    },
    startContainer: (id) => (add('StartContainer', containerOf(id)), startContainer.call(runtime, id)),
    stopContainer: (id, grace) => (add('StopContainer', containerOf(id)), stopContainer.call(runtime, id, grace)),
    stopSandbox: (uid) => (add('StopPodSandbox', podOf(uid) ?? {}), stopSandbox.call(runtime, uid)),
    removePod(uid) {
      add('RemovePodSandbox', podOf(uid) ?? {});
      within = true;
      removePod.call(runtime, uid);
      within = false;
    },
    exec: (id, command, options) => (add('ExecSync', containerOf(id)), exec.call(runtime, id, command, options)),
  };
  Object.assign(runtime, heard);
  return { calls, after };
}

export interface ConnectionParts {
  requests: readonly RequestRecord[];
  /** How many requests there have been in all. */
  count: number;
  cri: readonly Heard<CriCall>[];
  /** `containerd` */
  runtime: string;
  kubelets: Heard<Connection>;
}

/** Everything that was said over the lines of the cluster, oldest first. */
export function connectionsOf({ requests, count, cri, runtime, kubelets }: ConnectionParts): Connection[] {
  const said: { order: number; connection: Connection }[] = [];
  requests.forEach(({ time, userAgent, verb, path, query }, i) => said.push({ order: count - requests.length + i, connection: { time, from: userAgent, to: 'kube-apiserver', what: `${verb} ${path}${query ? `?${query}` : ''}` } }));
  const between = (connection: Connection, after: number) => said.push({ order: after - 0.5, connection });
  kubelets.calls.forEach((call, i) => between(call, kubelets.after[i]!));
  for (const { calls, after } of cri) calls.forEach(({ time, node, call }, i) => between({ time, from: `kubelet/${node}`, to: `${runtime}/${node}`, what: call }, after[i]!));
  return said.sort((a, b) => a.order - b.order).map(({ connection }) => connection);
}
