// Wires the parts: the control plane and its processes, machines with kubelets, a workstation.
import { createVersion, isNotFound, type Pod, type StatusError } from '../api/index.ts';
import type { Client, Key } from '../client/index.ts';
import { uninitialized } from '../controllers/index.ts';
import { Links, type Machine, NetworkStorage } from '../machine/index.ts';
import { createNetwork } from '../network/index.ts';
import { duration, type Loop, timestamp } from '../sim/index.ts';
import { type Command, Registries } from '../workloads/index.ts';
import { startAggregation } from './aggregation.ts';
import { connectionsOf } from './calls.ts';
import { startCloud } from './cloud/start.ts';
import type { Cluster } from './cluster.ts';
import { schedulerProcess } from './control-plane-processes.ts';
import { compactRegularly, createControlPlane } from './control-plane.ts';
import { createControllerManager } from './controller-manager.ts';
import { crictlOn } from './crictl.ts';
import { etcdOf, restore } from './etcd.ts';
import { etcdctlOn, writeAuthority, writeCertificates } from './etcd-member.ts';
import { factoriesOf } from './factories.ts';
import { createFaults, found } from './faults.ts';
import { type DockerHost, hostOn, openAccounts } from './host.ts';
import { connectKubelets } from './kubelets.ts';
import { hostOf } from './machine-shell.ts';
import { type ClusterNode, createNode } from './node.ts';
import { type ClusterOptions, machinesOf, proxyModeOf } from './options.ts';
import { collectProblems } from './problems.ts';
import { addOnsOf, clientsOf, type Process } from './process.ts';
import { rangesOf } from './ranges.ts';
import { display, inspected, show, withDrawing } from './show.ts';
import { startSnapshots } from './snapshots/start.ts';
import { trace } from './trace.ts';
import { clientsOfUsers, storedObjects } from './user-clients.ts';
import { createWebhooks } from './webhooks.ts';
import { createWorkstation, type Workstation } from './workstation.ts';

/**
 * Makes a cluster whose nodes are Ready. The same options give the same cluster, to the byte.
 * Differs from Kubernetes: the control plane, DNS and the proxies run beside the API, so that `kube-system` has no pods; they
 * take no leader's lease.
 */
export function createCluster(options: ClusterOptions = {}): Cluster {
  const { seed = 1, kubelets = true } = options;
  const version = createVersion(options.version);
  const { podCIDR, serviceCIDR, families } = rangesOf(options, version);
  const plan = machinesOf(options, families);
  const [controlPlane] = plan;
  const machines = new Map<string, Machine>();
  const links = new Links();
  const powered = () => machines.get(controlPlane!.name)?.powered ?? true;
  const { clock, loop, random, server, apiserver, etcd, client, serves, around } = createControlPlane(options, { version, serviceCIDR, address: controlPlane!.ip, powered });

  const connect = (ip: string, port: number) => network.dial({ node: controlPlane!.name, ip: controlPlane!.ip }, ip, port);
  const webhooks = createWebhooks(server, connect);
  server.callWebhook = webhooks.call;
  const own = new Set(Object.keys(options.controllers || {}));
  const { problems, onError } = collectProblems(clock, own);
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
  const workstation = createWorkstation({ client, ...clientsOfUsers({ server, loop, random, reachable: serves }), loop, server, kubelets: cluster.kubelets, serves });
  if (kubelets) untilReady(loop, client, { withoutControllers: options.controllers === false, initialized: cloud?.manager.running === true });
  // In a cell that ends with the cluster itself.
  Object.defineProperty(cluster, inspected, { value: () => `클러스터 ${version.gitVersion} (노드 ${nodes.length}개). cluster.show()로 그려 본다.` });
  return Object.defineProperties(cluster, Object.getOwnPropertyDescriptors(workstation)) as Cluster;
}

const callsOf = (nodes: readonly ClusterNode[], machine?: string) => nodes.filter((node) => !machine || node.machine.name === machine).flatMap(({ criCalls }) => criCalls.calls).sort((a, b) => a.time - b.time);

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
