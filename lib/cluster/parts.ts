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
  const machines = new Map<string, Machine>();
  const links = new Links();
  const powered = () => machines.get(controlPlane.name)?.powered ?? true;
  const control = createControlPlane(options, { version, serviceCIDR, address: controlPlane.ip, powered, admits: (port, from) => machines.get(controlPlane.name)?.admits(port, from) ?? true });
  const { clock, server, apiserver, etcd, client, around } = control;

  const connect = (ip: string, port: number) => network.dial({ node: controlPlane.name, ip: controlPlane.ip }, ip, port);
  const webhooks = createWebhooks(server, connect);
  server.callWebhook = webhooks.call;
  const own = new Set(Object.keys(options.controllers || {}));
  const { problems, onError } = collectProblems(clock, own);
  server.aggregator.routing = options.aggregatorRouting ?? false;
  startAggregation({ ...around, connect, onError });
  const storage = new NetworkStorage();
  const manager = createControllerManager({ ...around, factories: factoriesOf(options, { podCIDR, server, storage }), onError });
  const scheduler = schedulerProcess(around, controlPlane.name);
  const processes = new Map<string, Process>([apiserver, etcd, manager, scheduler].map((process) => [process.name, process]));
  server.isRunning = (name) => processes.get(name)?.running ?? true;
  if (options.controllers !== false) manager.start();
  if (options.scheduler !== false) scheduler.start();

  const registries = new Registries();
  openAccounts(registries);
  const brokenImages = new Set<string>();
  const network = createNetwork({ client: clientsOf(around, 'kube-proxy').client(), links, podCIDR, serviceCIDR, controlPlane: controlPlane.name, proxyMode: proxyModeOf(options, version), runController: addOnsOf(around, onError), plugin: options.network, coreDNS: options.coreDNS });
  const ports = controlPlanePorts({ version, running: (name) => powered() && (processes.get(name)?.running ?? false) });
  const made = (planned: PlannedMachine) => createNode({ ...around, answers: control.answers, apiServerAddress: controlPlane.ip, ports, planned, links, storage, network, registries, brokenImages, controlPlane: controlPlane.name, pullDuration: options.pullDuration, externalCloud: Boolean(options.cloud), csiDrivers: [...csiDrivers.map((name) => ({ name })), ...(options.cloud ? [diskNodeDriver(planned.name)] : [])] });
  const nodes = plan.map(made);
  const byName = new Map(nodes.map((node) => [node.machine.name, node]));
  for (const node of nodes) machines.set(node.machine.name, node.machine);
  const furnish = (machine: Machine) => {
    const isControlPlane = machine.name === controlPlane.name;
    machine.furnish = (files) => {
      (isControlPlane ? writeCertificates : writeAuthority)(files);
      if (isControlPlane) writeAdminKubeconfig(files, controlPlane.ip);
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
  return { ...control, version, controlPlane, machines, links, webhooks, own, problems, manager, scheduler, processes, registries, brokenImages, network, nodes, byName, kubelets, cloud, snapshots, vertical };
}
