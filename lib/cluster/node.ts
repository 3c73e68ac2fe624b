// One machine that is (or could be) a node: a runtime, a kubelet, and the systemd units they run in.
import { standInKey, type Version } from '../api/index.ts';
import type { ApiServer } from '../apiserver/index.ts';
import { InProcessClient } from '../client/index.ts';
import { controlPlaneUse, createKubelet, type Kubelet, type NodeDriver, workerUse } from '../kubelet/index.ts';
import { createMachine, type Endpoint, type Links, type Machine, type MachineOptions, type NetworkStorage, type Unit } from '../machine/index.ts';
import type { ClusterNetwork } from '../network/index.ts';
import type { Loop, Random } from '../sim/index.ts';
import { type Command, type ContainerRuntime, createRuntime, dockerCommand, DockerEngine, dockerReleases, type Registries } from '../workloads/index.ts';
import type { ClusterOptions, PlannedMachine } from './options.ts';
import { type CriCall, type Heard, listenTo } from './calls.ts';
import type { ControlPlanePorts } from './control-plane-ports.ts';

export interface ClusterNode {
  readonly machine: Machine;
  readonly kubelet: Kubelet;
  readonly controlPlane: boolean;
  readonly runtime: ContainerRuntime;
  /** What its kubelet asked of the container runtime, oldest first. */
  readonly criCalls: Heard<CriCall>;
  /** The kubelet as a unit of its machine. */
  readonly process: { readonly running: boolean; start(): void; stop(): void };
  start(): void;
  /** What is installed on it beside the usual: tools for its containers. */
  commands(): Record<string, Command>;
  /** Gives it its address in a network. */
  attach(network: ClusterNetwork): void;
}

export interface NodeParts {
  planned: PlannedMachine;
  version: Version;
  /** The API server that its kubelet asks. */
  server(): ApiServer;
  loop: Loop;
  random: Random;
  network: ClusterNetwork;
  links: Links;
  storage: NetworkStorage;
  registries: Registries;
  brokenImages: ReadonlySet<string>;
  /** Whether its kubelet reaches the API server, as far as that depends on others. */
  reachable(): boolean;
  /** The address that the API server comes from. */
  apiServerAddress(): string | undefined;
  /** What listens on it beside the kubelet, containers and units. */
  own?: ControlPlanePorts | undefined;
  /** What its systemd starts as the kubelet: by default the kubelet itself. */
  begin?: ((node: { machine: Machine; kubelet: Kubelet; unit: Unit }) => void) | undefined;
  os?: MachineOptions['os'];
  eventLimits?: boolean;
  pullDuration?: ClusterOptions['pullDuration'];
  externalCloud?: boolean;
  csiDrivers?: readonly NodeDriver[];
}

/** systemd starts a crashed kubelet again after ten seconds, as kubeadm's unit says. */
const restartAfter = 10_000;

export function createNode({ planned, version, server, loop, network, links, storage, registries, brokenImages, reachable, apiServerAddress, own, begin, os, eventLimits, pullDuration, externalCloud, csiDrivers, ...rest }: NodeParts): ClusterNode {
  const { name, ip, ips, cpus, memory, options } = planned;
  const random = rest.random.fork(`node/${name}`);
  const machine = createMachine({ name, clock: loop.clock, ips, cpus, memory, storage, ...(os && { os }) });
  const dockerTime = !version.has('containerd-by-default');
  const runtime = createRuntime({ machine, network, registries, random: random.fork('runtime'), pullDuration, name: dockerTime ? 'docker' : 'containerd' });
  runtime.imageService.pullFault = (image) => (brokenImages.has(image) ? 'timeout' : undefined);
  machine.alsoListening = own?.open;
  const endpoint = hostEndpoint(machine, (port) => own?.listener(port) ?? kubelet.listener(port) ?? runtime.listener(port) ?? machine.serving.get(port));
  const attach = (to: ClusterNetwork) => to.attachHost(name, ip, endpoint, machine);
  attach(network);
  const criCalls = listenTo(runtime, name, { clock: loop.clock, requests: () => server().requestCount });
  const online = () => machine.powered && reachable();
  const kubelet = createKubelet({
    connect: () =>
      new InProcessClient({
        server: server(),
        loop,
        random: random.fork('kubelet'),
        name: `kubelet/${name}`,
        user: `system:node:${name}`,
        eventSource: { component: 'kubelet', host: name },
        statusVerb: 'patch',
        fieldSelectors: { Pod: `spec.nodeName=${name}` },
        reachable: online,
        eventLimits,
      }),
    loop,
    random: random.fork('pods'),
    machine,
    runtime,
    network,
    get apiServerAddress() {
      return apiServerAddress();
    },
    maxPods: options.pods,
    labels: { ...options.labels, ...(planned.controlPlane && roleLabels(version)) },
    taints: planned.controlPlane ? [controlPlaneTaint(version)] : options.taints,
    externalCloud,
    newKey: () => server().certificates.newKey?.() ?? standInKey,
    csiDrivers,
    system: planned.controlPlane ? controlPlaneUse : workerUse,
    services: (namespace) => network.variables(namespace),
  });
  links.onChange(() => online() && kubelet.reconnect());
  const daemon = machine.addUnit(runtime.name, { description: `${runtime.name} container runtime`, service: { start: () => (runtime.silentSince = undefined), stop: () => (runtime.silentSince = loop.clock.now) } });
  const unit: Unit = machine.addUnit('kubelet', { description: 'kubelet: The Kubernetes Node Agent', restartAfter, service: { start: () => (begin ? begin({ machine, kubelet, unit }) : kubelet.start()), stop: () => kubelet.stop() } });
  const process = {
    get running() {
      return kubelet.running;
    },
    start: () => unit.start(),
    stop: () => unit.stop(),
  };
  return { machine, kubelet, runtime, criCalls, controlPlane: planned.controlPlane, process, attach, start: () => (daemon.start(), unit.start()), commands: () => commandsOf(runtime, { registries, random: random.fork('docker') }) };
}

/** What a machine is to others: whatever the firewall in front of it lets through to what listens there. Its own rules are asked on the way. */
export function hostEndpoint(machine: Machine, listener: Endpoint['listener']): Endpoint {
  return {
    get up() {
      return machine.powered;
    },
    refuses(port, from) {
      const verdict = machine.front(port, from);
      return verdict === 'accept' ? undefined : verdict;
    },
    listener,
  };
}

/** Docker's own command line where Docker is the runtime. */
function commandsOf(runtime: ContainerRuntime, { registries, random }: { registries: Registries; random: Random }): Record<string, Command> {
  if (runtime.name !== 'docker') return runtime.commands;
  return { ...runtime.commands, docker: dockerCommand(new DockerEngine({ machine: runtime.machine, registries, random, release: dockerReleases.then, kubelet: runtime })) };
}

function controlPlaneTaint(version: Version) {
  const role = version.has('control-plane-role') ? 'control-plane' : 'master';
  return { key: `node-role.kubernetes.io/${role}`, effect: 'NoSchedule' as const };
}

function roleLabels(version: Version): Record<string, string> {
  const labels: Record<string, string> = { 'node-role.kubernetes.io/control-plane': '' };
  if (!version.has('control-plane-role')) labels['node-role.kubernetes.io/master'] = '';
  return { ...labels, 'node.kubernetes.io/exclude-from-external-load-balancers': '' };
}
