// The parts of a cluster, wired and started: the control plane and its processes, machines with kubelets, what runs beside them.
import { createVersion, csiDrivers } from '../api/index.ts';
import { Links, type Machine, NetworkStorage } from '../machine/index.ts';
import { createNetwork } from '../network/index.ts';
import { Registries } from '../workloads/index.ts';
import { writeAdminKubeconfig } from './admin-kubeconfig.ts';
import { startAggregation } from './aggregation.ts';
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
import { createNode } from './node.ts';
import { type ClusterOptions, machinesOf, plannedMachine, type PlannedMachine, proxyModeOf, workerOf } from './options.ts';
import { collectProblems } from './problems.ts';
import { addOnsOf, clientsOf, type Process } from './process.ts';
import { rangesOf } from './ranges.ts';
import { startSnapshots } from './snapshots/start.ts';
import { startVertical } from './vertical/start.ts';
import { createWebhooks } from './webhooks.ts';

export type Parts = ReturnType<typeof startParts>;

export function startParts(options: ClusterOptions) {
  const version = createVersion(options.version);
  const { podCIDR, serviceCIDR, families } = rangesOf(options, version);
  const plan = machinesOf(options, families);
  const controlPlane = plan[0]!;
  const replicated = replicatedPlan(options, plan, families);
  const entrance = replicated?.balancer ?? controlPlane;
  const machines = new Map<string, Machine>();
  const links = new Links();
  const powered = () => machines.get(controlPlane.name)?.powered ?? true;
  const control = createControlPlane(options, { version, serviceCIDR, address: controlPlane.ip, powered, admits: (port, from) => machines.get(controlPlane.name)?.admits(port, from) ?? true, replicate: replicated && ((made) => createReplicas({ plan: replicated, links, machines, ...made })) });
  const { clock, server, apiserver, etcd, client, around, replicas } = control;

  const connect = (ip: string, port: number) => network.dial({ node: controlPlane.name, ip: controlPlane.ip }, ip, port);
  const webhooks = createWebhooks(server, connect);
  server.callWebhook = webhooks.call;
  const own = new Set(Object.keys(options.controllers || {}));
  const { problems, onError } = collectProblems(clock, own);
  server.aggregator.routing = options.aggregatorRouting ?? false;
  startAggregation({ ...around, connect, onError });
  const storage = new NetworkStorage();
  const factories = factoriesOf(options, { podCIDR, server, storage });
  const processes = new Map<string, Process>([...[apiserver, etcd].map((process): [string, Process] => [process.name, process]), ...(replicas?.processes ?? [])]);
  const begin = <Of extends Pick<ElectedComponents, 'manager' | 'scheduler'>>(components: Of): Of => {
    for (const process of [components.manager, components.scheduler]) processes.set(process.name, process);
    if (options.controllers !== false) components.manager.start();
    if (options.scheduler !== false) components.scheduler.start();
    return components;
  };
  const single = replicas ? undefined : begin({ manager: createControllerManager({ ...around, factories, onError }), scheduler: schedulerProcess(around, controlPlane.name) });
  server.isRunning = (name) => processes.get(name)?.running ?? true;

  const registries = new Registries();
  openAccounts(registries);
  const brokenImages = new Set<string>();
  const network = createNetwork({ client: clientsOf(around, 'kube-proxy').client(), links, podCIDR, serviceCIDR, controlPlane: entrance.name, proxyMode: proxyModeOf(options, version), runController: addOnsOf(around, onError), plugin: options.network, coreDNS: options.coreDNS });
  const ports = controlPlanePorts({ version, running: (name) => powered() && (processes.get(name)?.running ?? false) });
  const head = (planned: PlannedMachine) => (!planned.controlPlane ? undefined : replicas ? headOf(planned.name, { server, replicas, processes, machines }) : { ports, answers: control.answers });
  const made = (planned: PlannedMachine) => createNode({ ...around, answers: control.answers, apiServerAddress: entrance.ip, head: head(planned), planned, links, storage, network, registries, brokenImages, controlPlane: entrance.name, pullDuration: options.pullDuration, externalCloud: Boolean(options.cloud), csiDrivers: [...csiDrivers.map((name) => ({ name })), ...(options.cloud ? [diskNodeDriver(planned.name)] : [])] });
  const nodes = plan.map(made);
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
  if (options.kubelets !== false) for (const node of nodes) if (!node.controlPlane || options.controlPlaneNode !== false) node.start();
  const snapshots = options.controllers === false ? undefined : startSnapshots({ ...around, storage, client, define: options.snapshots ?? false, own: options.controllers ?? {}, onError });
  if (snapshots) processes.set(snapshots.name, snapshots);
  if (options.coreDNS) installCoreDns(clientsOf(around, 'kubeadm').client({ user: 'kubernetes-admin' }), network.dnsAddress);
  const vertical = options.controllers === false ? undefined : startVertical({ ...around, webhooks, client, define: options.verticalPodAutoscaler ?? false, onError });
  for (const process of vertical?.processes ?? []) processes.set(process.name, process);
  compactRegularly(server, clock);
  for (const machine of machines.values()) furnish(machine);
  const kubelets = connectKubelets({ server, nodes: byName, network });
  return { ...control, version, controlPlane, entrance, machines, links, webhooks, own, problems, manager, scheduler, processes, registries, brokenImages, network, nodes, byName, kubelets, cloud, snapshots, vertical };
}
