// Wires the parts: a store, an API server, the control plane's processes, machines with kubelets, a workstation.
import { createVersion, isNotFound, type Pod, type ServiceAccount, StatusError, type Version } from '../api/index.ts';
import { ApiServer, authenticate, impliedGroups, type RequestRecord } from '../apiserver/index.ts';
import { type Client, InProcessClient, type Key } from '../client/index.ts';
import { controllers as builtIn, snapshotControllers, uninitialized } from '../controllers/index.ts';
import { type Snapshot, Store } from '../etcd/index.ts';
import { Links, type Machine, NetworkStorage } from '../machine/index.ts';
import { type CniFactory, createNetwork, type PolicyEngine } from '../network/index.ts';
import type { Explanation } from '../scheduler/index.ts';
import { Clock, createRandom, duration, Loop, timestamp } from '../sim/index.ts';
import { type Command, Registries } from '../workloads/index.ts';
import type { Drawing } from '../view/index.ts';
import { bootstrap } from './bootstrap.ts';
import { type Connection, connectionsOf, type CriCall } from './calls.ts';
import { type Cloud, startCloud } from './cloud/start.ts';
import { schedulerProcess, switchable } from './control-plane-processes.ts';
import { type ControllerFactory, createControllerManager } from './controller-manager.ts';
import { crictlOn } from './crictl.ts';
import { type Etcd, etcdOf, restore } from './etcd.ts';
import { etcdctlOn, writeAuthority, writeCertificates } from './etcd-member.ts';
import { createFaults, type Faults, found } from './faults.ts';
import { type DockerHost, hostOn, openAccounts } from './host.ts';
import { connectKubelets, type Kubelets } from './kubelets.ts';
import { createMachineShell, type Host, type MachineShellParts } from './machine-shell.ts';
import { type ClusterNode, createNode } from './node.ts';
import { type ClusterOptions, machinesOf, proxyModeOf } from './options.ts';
import { addOnsOf, clientsOf, type Process } from './process.ts';
import { rangesOf } from './ranges.ts';
import { display, inspected, show, withDrawing } from './show.ts';
import { type Trace, trace, type TraceOptions } from './trace.ts';
import { startAggregation } from './aggregation.ts';
import { startSnapshots } from './snapshots/start.ts';
import { createWebhooks, type WebhookHandler } from './webhooks.ts';
import { createWorkstation, type Workstation } from './workstation.ts';

/** An error of a controller: who, over what. The loop tries again by itself. */
export interface Problem {
  /** Milliseconds of virtual time. */
  time: number;
  controller: string;
  key: string;
  error: unknown;
}

/** A running cluster. Nothing in it moves unless time is told to pass. */
export interface Cluster extends Workstation {
  readonly version: Version;
  readonly seed: number | string;
  /** An administrator's typed client. */
  readonly client: Client;
  readonly server: ApiServer;
  readonly loop: Loop;
  /** Virtual time, RFC 3339. */
  readonly now: string;
  /** Lets time pass: `'30s'`, `'5m'`, or milliseconds. */
  advance(time: string | number): void;
  /** Runs until nothing is due at this instant. */
  settle(): void;
  /** Every request that the API server answered, oldest first. */
  requests(): readonly RequestRecord[];
  /** What the kubelet of a machine (of all machines, when none is named) asked of its container runtime, oldest first. */
  criCalls(machine?: string): readonly CriCall[];
  /** Who called whom, over all lines of the cluster, oldest first. */
  connections(): readonly Connection[];
  /** What each scheduler plugin says about a pod, node by node; printed, the sums. The namespace is `default` when a name is given. */
  explain(pod: string | Key): Explanation & { readonly drawing: Drawing };
  /** Sends a packet and tells its way: every hop, and the rule that decided. */
  trace(options: TraceOptions): Trace;
  readonly fault: Faults;
  /** The cloud that the machines are rented from. Throws when there is none: `createCluster({ cloud: true })`. */
  readonly cloud: Cloud;
  /** The keys behind the API server: `cluster.etcd.range({ prefix: '/registry/pods/' })`. */
  readonly etcd: Etcd;
  /** Puts a snapshot (`cluster.etcd.snapshot()`) back, and starts the control plane and the kubelets on it. */
  restore(snapshot: Snapshot): void;
  /** What the API server reaches at the nodes: logs, exec, ports of pods. */
  readonly kubelets: Kubelets;
  readonly machines: ReadonlyMap<string, Machine>;
  /** A machine, and a shell on it: ``cluster.machine('worker-1').sh`iptables-save` ``. */
  machine(name: string): Host;
  /** The learner's desk as a host with Docker: what it pushes, the nodes can pull. Files of `cluster.file` lie in its home. */
  readonly workstation: DockerHost;
  /** Puts a network plug-in of one's own in the place of the built-in one, one for each node; pods that run keep their addresses. */
  cni(factory: CniFactory | undefined): void;
  /** Puts a judge of one's own in the place of the one that enforces NetworkPolicies. Throws where the plug-in enforces none. */
  policyEngine(engine: PolicyEngine | undefined): void;
  /** Puts a controller of one's own in the place of a built-in one (or beside them, under a new name); undefined removes it. */
  replace(name: string, factory: ControllerFactory | undefined): void;
  /**
   * Puts a function behind a Service (`namespace/name`, or `namespace/name/path`) or a URL that a webhook configuration names:
   * the API server asks it about writes.
   */
  webhook(target: string, handler: WebhookHandler | undefined): void;
  /** Draws the nodes and the pods of a namespace (default `default`): an SVG in Jupyter, text elsewhere. */
  show(namespace?: string): void;
  /** What controllers threw. */
  readonly problems: readonly Problem[];
}

/** etcd's history is cut off every five minutes, as kube-apiserver asks for. */
const compactionInterval = 300_000;

/**
 * Makes a cluster whose nodes are Ready. The same options give the same cluster, to the byte.
 * Differs from Kubernetes: the control plane, DNS and the proxies run beside the API, so that `kube-system` has no pods; they
 * take no leader's lease.
 */
export function createCluster(options: ClusterOptions = {}): Cluster {
  const { seed = 1, version: release, kubelets = true } = options;
  const version = createVersion(release);
  const { podCIDR, serviceCIDR, families } = rangesOf(options, version);
  const [clock, random] = [new Clock(options.start), createRandom(seed)];
  const loop = new Loop({ clock, random: random.fork('loop') });
  const store = new Store();
  if (options.etcd) store.restore(options.etcd);
  const server = new ApiServer({ store, clock, random: random.fork('apiserver'), version, serviceCIDR, tokenSigner: options.pki?.tokenSigner, certificates: options.pki?.certificates, bootstrapPolicy: true });
  server.wake = (actor) => loop.wake(actor);
  loop.pump = () => server.pump();

  const plan = machinesOf(options, families);
  const [controlPlane] = plan;
  const apiserver = switchable('kube-apiserver');
  const etcd = switchable('etcd');
  server.etcdAnswers = () => etcd.running;
  const machines = new Map<string, Machine>();
  const links = new Links();
  const serves = () => apiserver.running && !server.storage.refusal && (machines.get(controlPlane!.name)?.powered ?? true);
  // Differs from Kubernetes: without etcd a component's request fails at once, not after its timeout.
  const around = { server, loop, random, reachable: () => serves() && etcd.running, eventLimits: options.eventLimits };
  const client = new InProcessClient({ server, loop, random: random.fork('admin'), name: 'kubectl', user: 'kubernetes-admin', reachable: serves, wait: (time) => loop.runUntil(clock.now + time) });
  bootstrap(server, new InProcessClient({ server, loop, random: random.fork('bootstrap'), name: 'kube-apiserver', user: 'system:apiserver' }), { address: controlPlane!.ip, serviceCIDR });

  const connect = (ip: string, port: number) => network.dial({ node: controlPlane!.name, ip: controlPlane!.ip }, ip, port);
  const webhooks = createWebhooks(server, connect);
  server.callWebhook = webhooks.call;
  const problems: Problem[] = [];
  const own = new Set(Object.keys(options.controllers || {}));
  const onError = (controller: string, key: string, error: unknown) => {
    problems.push({ time: clock.now, controller, key, error });
    if (own.has(controller)) report(problems, controller, key, error);
  };
  startAggregation({ ...around, connect, onError });
  const storage = new NetworkStorage();
  const manager = createControllerManager({ ...around, factories: factoriesOf(options, { podCIDR, server, storage }), onError });
  const scheduler = schedulerProcess(around);
  const processes = new Map<string, Process>([apiserver, etcd, manager, scheduler].map((process) => [process.name, process]));
  server.isRunning = (name) => processes.get(name)?.running ?? true;
  const brokenImages = new Set<string>();
  if (options.controllers !== false) manager.start();
  if (options.scheduler !== false) scheduler.start();

  const registries = new Registries();
  openAccounts(registries);
  const network = createNetwork({ client: clientsOf(around, 'kube-proxy').client(), links, podCIDR, serviceCIDR, controlPlane: controlPlane!.name, proxyMode: proxyModeOf(options, version), runController: addOnsOf(around, onError), plugin: options.network });
  const nodes = plan.map((planned) => createNode({ ...around, planned, links, storage, network, registries, brokenImages, controlPlane: controlPlane!.name, pullDuration: options.pullDuration, externalCloud: Boolean(options.cloud) }));
  for (const node of nodes) machines.set(node.machine.name, node.machine);
  const cloud = options.cloud ? startCloud({ ...around, options: options.cloud === true ? {} : options.cloud, network, machines, podCIDR, onError }) : undefined;
  if (cloud) {
    machines.set(cloud.outside.name, cloud.outside);
    processes.set(cloud.manager.name, cloud.manager);
  }
  if (kubelets) for (const node of nodes) if (!node.controlPlane || options.controlPlaneNode !== false) node.start();
  const snapshots = options.controllers === false ? undefined : startSnapshots({ ...around, storage, client, define: options.snapshots ?? false, own: options.controllers ?? {}, onError });
  if (snapshots) processes.set(snapshots.name, snapshots);
  compactRegularly(server, clock);
  for (const machine of machines.values()) {
    const certificates = machine.name === controlPlane!.name ? writeCertificates : writeAuthority;
    machine.furnish = (files) => (certificates(files), network.furnish(files));
  }

  let desk: DockerHost | undefined;
  const byName = new Map(nodes.map((node) => [node.machine.name, node]));
  const programsOf = (machine: Machine): Record<string, Command> => ({
    ...byName.get(machine.name)?.commands(),
    ...(byName.has(machine.name) && { crictl: crictlOn({ version, ...byName.get(machine.name)!, criCalls: byName.get(machine.name)!.criCalls.calls }) }),
    ...(machine.name === controlPlane!.name && { etcdctl: etcdctlOn(machine, { store: server.storage.store, version, running: () => etcd.running && machine.powered }) }),
  });
  const cluster: Omit<Cluster, keyof Workstation> = {
    version,
    seed,
    client,
    server,
    loop,
    get now() {
      return timestamp(clock.now);
    },
    advance: (time) => loop.runUntil(clock.now + duration(time)),
    settle: () => loop.settle(),
    requests: () => server.requests(),
    criCalls: (machine) => callsOf(nodes, machine && found(machines, machine, '머신').name),
    connections: () => connectionsOf({ requests: server.requests(), count: server.requestCount, cri: nodes.map(({ criCalls }) => criCalls), runtime: nodes[0]!.runtime.name, kubelets: cluster.kubelets.calls }),
    explain: (pod) => withDrawing(scheduler.explain(podOf(client, pod))),
    etcd: etcdOf(server.storage.store),
    get cloud() {
      if (!cloud) throw new RangeError('이 클러스터의 머신은 클라우드에서 빌린 것이 아니다. createCluster({ cloud: true })로 만든다.');
      return cloud.cloud;
    },
    restore: (snapshot) => restore(snapshot, { server, components: [manager, scheduler, ...(snapshots ? [snapshots] : []), ...(cloud ? [cloud.manager] : []), ...nodes.map((node) => node.process)] }),
    // It is told by the simulation itself: also while the API server is down.
    trace: (options) => trace(options, { client: storedObjects(server), network, machines, display }),
    fault: createFaults({ machines, processes: new Map([...processes, ['coredns', network.dns]]), links, brokenImages, network }),
    kubelets: connectKubelets({ server, nodes: byName, network }),
    machines,
    machine: (name) => hostOf(found(machines, name, '머신'), { network, loop, random, programsOf }),
    get workstation() {
      return (desk ??= hostOn({ name: 'workstation', os: version.has('containerd-by-default') ? 'ubuntu-24.04' : 'ubuntu-20.04' }, { loop, random: random.fork('workstation'), registries, files: workstation.files }));
    },
    replace(name, factory) {
      own.add(name);
      const home = [cloud?.manager, snapshots].find((one) => one?.names.includes(name)) ?? manager;
      home.replace(name, factory);
    },
    cni: (factory) => network.pods.use(factory),
    policyEngine(engine) {
      if (!network.policies) throw new RangeError(`${network.pods.profile.name}은(는) NetworkPolicy를 집행하지 않는다`);
      network.policies.engine = engine;
    },
    webhook: (target, handler) => webhooks.set(target, handler),
    show: (namespace = 'default') => show(client, namespace),
    problems,
  };
  const clientAs = (user: string, groups: readonly string[]) => new InProcessClient({ server, loop, random: random.fork(`as ${user}`), name: 'kubectl', user, groups: impliedGroups(user, groups), reachable: serves });
  const workstation = createWorkstation({ client, clientAs, clientWith: (token) => clientWithToken(token, { server, loop, random, reachable: serves }), loop, server, kubelets: cluster.kubelets, serves });
  if (kubelets) untilReady(loop, client, { withoutControllers: options.controllers === false, initialized: cloud?.manager.running === true });
  // In a cell that ends with the cluster itself.
  Object.defineProperty(cluster, inspected, { value: () => `클러스터 ${version.gitVersion} (노드 ${nodes.length}개). cluster.show()로 그려 본다.` });
  return Object.defineProperties(cluster, Object.getOwnPropertyDescriptors(workstation)) as Cluster;
}

/** The machine with its shell, which is made when somebody wants it. */
function hostOf(machine: Machine, { programsOf, random, ...parts }: Pick<MachineShellParts, 'network' | 'loop' | 'random'> & { programsOf(machine: Machine): Record<string, Command> }): Host {
  if (!('sh' in machine)) Object.defineProperty(machine, 'sh', { configurable: true, value: createMachineShell({ machine, ...parts, programs: programsOf(machine), random: random.fork(`shell/${machine.name}`) }) });
  return machine as Host;
}

/** kubectl as whoever the token belongs to; the requests of a token that is nobody's are all refused. */
function clientWithToken(bearerToken: string, { random, ...parts }: Parameters<typeof clientsOf>[0]): Client {
  const common = { ...parts, random: random.fork('token'), name: 'kubectl' };
  try {
    const { name, groups } = authenticate({ bearerToken }, parts.server.tokens.userOf);
    return new InProcessClient({ ...common, user: name, groups });
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return new InProcessClient({ ...common, user: '', refused: error });
  }
}

/** What lies in the store, whoever answers for it or not. */
const storedObjects = (server: ApiServer): Pick<Client, 'list'> => ({
  list: (kind, { namespace } = {}) => ({ metadata: { resourceVersion: '' }, items: (namespace === undefined ? server.storage.every(server.resourceOf(kind)) : server.storage.all(server.resourceOf(kind), namespace)) as never }),
});

/** The controllers, with what their process is told at its start. */
function factoriesOf({ controllers, pki }: ClusterOptions, { podCIDR, server, storage }: { podCIDR: string; server: ApiServer; storage: NetworkStorage }): Record<string, ControllerFactory> {
  const rootCA = pki?.rootCA;
  const authority = () => server.certificates;
  const table: Record<string, ControllerFactory | false> = {
    ...builtIn,
    nodeipam: (client) => builtIn.nodeipam!(client, { clusterCIDR: podCIDR }),
    csrsigning: (client) => builtIn['csrsigning']!(client, { authority }),
    csrcleaner: (client) => builtIn['csrcleaner']!(client, { authority }),
    'root-ca-cert-publisher': (client) => builtIn['root-ca-cert-publisher']!(client, { rootCA }),
    'serviceaccount-token': (client) => builtIn['serviceaccount-token']!(client, { rootCA, issueToken: (account: ServiceAccount, secret: string) => server.tokens.ofSecret(account, secret) }),
    'storage-provisioner': (client) => builtIn['storage-provisioner']!(client, { storage }),
    ...(controllers || {}),
  };
  for (const name of Object.keys(snapshotControllers)) delete table[name];
  return Object.fromEntries(Object.entries(table).filter((entry): entry is [string, ControllerFactory] => entry[1] !== false));
}

const callsOf = (nodes: readonly ClusterNode[], machine?: string) => nodes.filter((node) => !machine || node.machine.name === machine).flatMap(({ criCalls }) => criCalls.calls).sort((a, b) => a.time - b.time);

function compactRegularly(server: ApiServer, clock: Clock): void {
  let last = server.storage.store.revision;
  const tick = () => {
    server.compact(Math.min(last, server.storage.store.revision));
    last = server.storage.store.revision;
    clock.after(compactionInterval, tick);
  };
  clock.after(compactionInterval, tick);
}

/** A new cluster is handed over when its nodes are ready, or after a minute when something is missing. */
function untilReady(loop: Loop, client: Client, { withoutControllers, initialized }: { withoutControllers: boolean; initialized: boolean }): void {
  loop.settle();
  if (withoutControllers) return;
  const ready = () => client.list('Node').items.every((node) => node.status.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') && !node.spec.taints?.some((t) => t.key === 'node.kubernetes.io/not-ready' || (initialized && t.key === uninitialized)));
  loop.runUntil(loop.clock.now + 60_000, ready);
}

function podOf(client: Client, pod: string | Key): Pod {
  const key = typeof pod === 'string' ? { namespace: 'default', name: pod } : { namespace: 'default', ...pod };
  try {
    return client.get('Pod', key);
  } catch (error) {
    if (isNotFound(error)) throw new RangeError(`파드 ${key.namespace}/${key.name}이(가) 없다: ${(error as StatusError).message}`);
    throw error;
  }
}

/** A learner's controller that throws is told so, once for each message. */
function report(problems: readonly Problem[], controller: string, key: string, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  const before = problems.slice(0, -1).some((p) => p.controller === controller && (p.error instanceof Error ? p.error.message : String(p.error)) === message);
  if (!before) console.error(`컨트롤러 ${controller}가 ${key}를 조정하다 오류를 던졌다: ${message}\n  → 큐가 조금 뒤에 다시 부른다. 같은 오류는 한 번만 알린다.`);
}
