// The parts of a cluster, wired and started: the control plane and its processes, machines with kubelets, what runs beside them.
import { createVersion, csiDrivers } from '../api/index.ts';
import { Links, type Machine, NetworkStorage } from '../machine/index.ts';
import { createNetwork } from '../network/index.ts';
import type { Loop, Random } from '../sim/index.ts';
import { Registries } from '../workloads/index.ts';
import { writeAdminKubeconfig } from './admin-kubeconfig.ts';
import { startAggregation } from './aggregation.ts';
import { apiEndpoint } from './api-endpoint.ts';
import { diskNodeDriver } from './cloud/disk-driver.ts';
import type { NodeGroupOptions } from './cloud/groups.ts';
import { startCloud } from './cloud/start.ts';
import { schedulerProcess } from './control-plane-processes.ts';
import { controlPlanePorts } from './control-plane-ports.ts';
import { compactRegularly, createControlPlane } from './control-plane.ts';
import { createControllerManager } from './controller-manager.ts';
import { installCoreDns } from './core-dns.ts';
import { writeAuthority, writeCertificates } from './etcd-member.ts';
import { factoriesOf } from './factories.ts';
import { openAccounts } from './host.ts';
import { replicatedPlan } from './ha/plan.ts';
import { createReplicas } from './ha/replicas.ts';
import { addMachines, beginReplicas, type ElectedComponents, electedComponents, headOf } from './ha/start.ts';
import { connectKubelets } from './kubelets.ts';
import { type ClusterNode, createNode } from './node.ts';
import { type ClusterOptions, machinesOf, plannedMachine, type PlannedMachine, proxyModeOf, workerOf } from './options.ts';
import { collectProblems } from './problems.ts';
import { addOnsOf, clientsOf, type Process } from './process.ts';
import { rangesOf } from './ranges.ts';
import { reboot } from './reboot.ts';
import { startSnapshots } from './snapshots/start.ts';
import { startVertical } from './vertical/start.ts';
import { createWebhooks } from './webhooks.ts';

export type Parts = ReturnType<typeof startParts>;

/** Machines that stood there before their control plane: whoever set it up starts what belongs to it. */
export interface Ground {
  loop: Loop;
  random: Random;
  links: Links;
  storage: NetworkStorage;
  registries: Registries;
  brokenImages: Set<string>;
  /** Where the API server runs. */
  controlPlane: Pick<PlannedMachine, 'name' | 'ip' | 'ips'>;
  nodes: readonly ClusterNode[];
}

export function startParts(options: ClusterOptions, ground?: Ground) {
  const version = createVersion(options.version);
  const { podCIDR, serviceCIDR, families } = rangesOf(options, version);
  const plan = ground ? [] : machinesOf(options, families);
  const controlPlane = ground?.controlPlane ?? plan[0]!;
  const replicated = ground ? undefined : replicatedPlan(options, plan, families);
  const entrance = replicated?.balancer ?? controlPlane;
  const machines = new Map<string, Machine>();
  const links = ground?.links ?? new Links();
  const powered = () => machines.get(controlPlane.name)?.powered ?? true;
  const control = createControlPlane(options, { version, serviceCIDR, address: controlPlane.ip, powered, admits: (port, from) => machines.get(controlPlane.name)?.admits(port, from) ?? true, replicate: replicated && ((made) => createReplicas({ plan: replicated, links, machines, ...made })), among: ground });
  const { clock, server, apiserver, etcd, client, around, replicas } = control;

  const connect = (ip: string, port: number) => network.dial({ node: controlPlane.name, ip: controlPlane.ip }, ip, port);
  const webhooks = createWebhooks(server, connect);
  server.callWebhook = webhooks.call;
  const own = new Set(Object.keys(options.controllers || {}));
  const { problems, onError } = collectProblems(clock, own);
  server.aggregator.routing = options.aggregatorRouting ?? false;
  startAggregation({ ...around, connect, onError });
  const storage = ground?.storage ?? new NetworkStorage();
  const factories = factoriesOf(options, { podCIDR, server, storage });
  const processes = new Map<string, Process>([...[apiserver, etcd].map((process): [string, Process] => [process.name, process]), ...(replicas?.processes ?? [])]);
  const begin = <Of extends Pick<ElectedComponents, 'manager' | 'scheduler'>>(components: Of): Of => {
    for (const process of [components.manager, components.scheduler]) processes.set(process.name, process);
    if (!ground && options.controllers !== false) components.manager.start();
    if (!ground && options.scheduler !== false) components.scheduler.start();
    return components;
  };
  const single = replicas ? undefined : begin({ manager: createControllerManager({ ...around, factories, onError }), scheduler: schedulerProcess(around, controlPlane.name) });
  server.isRunning = (name) => processes.get(name)?.running ?? true;

  const registries = ground?.registries ?? openedRegistries();
  const brokenImages = ground?.brokenImages ?? new Set<string>();
  const network = createNetwork({ client: clientsOf(around, 'kube-proxy').client(), links, podCIDR, serviceCIDR, controlPlane: entrance.name, proxyMode: proxyModeOf(options, version), runController: addOnsOf(around, onError), plugin: options.network, coreDNS: options.coreDNS });
  const ports = controlPlanePorts({ version, running: (name) => powered() && (processes.get(name)?.running ?? false) });
  const headFor = (planned: PlannedMachine) => (!planned.controlPlane ? undefined : replicas ? headOf(planned.name, { server, replicas, processes, machines }) : { ports, answers: control.answers });
  const made = (planned: PlannedMachine): ClusterNode => {
    const head = headFor(planned);
    const serving = apiEndpoint(server, () => head?.answers(planned.ip) ?? false, [planned.name, ...planned.ips]);
    const node = createNode({
      ...around, planned, version, links, storage, network, registries, brokenImages,
      server: () => server,
      reachable: () => control.answers(planned.ip) && links.up(planned.name, entrance.name),
      apiServerAddress: () => entrance.ip,
      own: head && { listener: (port) => serving(port) ?? head.ports.listener(port), open: head.ports.open },
      pullDuration: options.pullDuration,
      externalCloud: Boolean(options.cloud),
      csiDrivers: [...csiDrivers.map((name) => ({ name })), ...(options.cloud ? [diskNodeDriver(planned.name)] : [])],
    });
    reboot(node.runtime, server);
    return node;
  };
  const nodes = ground ? [...ground.nodes] : plan.map(made);
  if (ground) for (const node of nodes) node.attach(network);
  const byName = new Map(nodes.map((node) => [node.machine.name, node]));
  for (const node of nodes) machines.set(node.machine.name, node.machine);
  const elected = replicas && electedComponents(around, { replicas, machines, factories, onError });
  if (replicas) addMachines({ server, random: around.random, replicas, network, storage, machines, processes }, clock);
  for (const [name, process] of elected?.processes ?? []) processes.set(name, process);
  const { manager, scheduler } = single ?? begin(elected!);
  if (replicas) beginReplicas(replicas, { around, machines });
  const furnish = (machine: Machine) => {
    const isControlPlane = plan.some(({ name, controlPlane: carries }) => carries && name === machine.name);
    const hasCertificates = isControlPlane || replicated?.etcdOnly.some(({ name }) => name === machine.name);
    machine.furnish = (files) => {
      (hasCertificates ? writeCertificates : writeAuthority)(files);
      if (isControlPlane) writeAdminKubeconfig(files, entrance.ip);
      network.furnish(files);
    };
  };
  const join = (name: string, group: NodeGroupOptions) => {
    const node = made(plannedMachine(workerOf(group, name), { i: nodes.length, families }));
    nodes.push(node);
    byName.set(name, node);
    machines.set(name, node.machine);
    furnish(node.machine);
    if (options.kubelets !== false) node.start();
    return node.machine;
  };
  const cloud = options.cloud ? startCloud({ ...around, options: options.cloud === true ? {} : options.cloud, network, machines, podCIDR, client, join, onError }) : undefined;
  if (cloud) {
    machines.set(cloud.outside.name, cloud.outside);
    processes.set(cloud.manager.name, cloud.manager);
    processes.set(cloud.disks.name, cloud.disks);
    if (cloud.autoscaler) processes.set(cloud.autoscaler.name, cloud.autoscaler);
  }
  if (!ground && options.kubelets !== false) for (const node of nodes) if (!node.controlPlane || options.controlPlaneNode !== false) node.start();
  const snapshots = options.controllers === false ? undefined : startSnapshots({ ...around, storage, client, define: options.snapshots ?? false, own: options.controllers ?? {}, onError });
  if (snapshots) processes.set(snapshots.name, snapshots);
  if (options.coreDNS && !ground) installCoreDns(clientsOf(around, 'kubeadm').client({ user: 'kubernetes-admin' }), network.dnsAddress);
  const vertical = options.controllers === false ? undefined : startVertical({ ...around, webhooks, client, define: options.verticalPodAutoscaler ?? false, onError });
  for (const process of vertical?.processes ?? []) processes.set(process.name, process);
  compactRegularly(server, clock);
  if (!ground) for (const machine of machines.values()) furnish(machine);
  const kubelets = connectKubelets({ server, nodes: byName, network });
  return { ...control, version, controlPlane, entrance, machines, links, webhooks, own, problems, manager, scheduler, processes, registries, brokenImages, network, nodes, byName, kubelets, cloud, snapshots, vertical };
}

function openedRegistries(): Registries {
  const registries = new Registries();
  openAccounts(registries);
  return registries;
}
