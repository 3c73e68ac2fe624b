// One machine that is (or could be) a node: a runtime, a kubelet, and the systemd units they run in.
import { standInKey } from '../api/index.ts';
import { type ApiServer } from '../apiserver/index.ts';
import { InProcessClient } from '../client/index.ts';
import { controlPlaneUse, createKubelet, type Kubelet, type NodeDriver, workerUse } from '../kubelet/index.ts';
import { createMachine, type Endpoint, type Links, type Machine, type NetworkStorage } from '../machine/index.ts';
import type { ClusterNetwork } from '../network/index.ts';
import type { Loop, Random } from '../sim/index.ts';
import { type Command, type ContainerRuntime, createRuntime, dockerCommand, DockerEngine, dockerReleases, type Registries } from '../workloads/index.ts';
import type { ClusterOptions, PlannedMachine } from './options.ts';
import { apiEndpoint } from './api-endpoint.ts';
import type { ControlPlanePorts } from './control-plane-ports.ts';
import { type CriCall, type Heard, listenTo } from './calls.ts';
import { reboot } from './reboot.ts';

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
}

export interface NodeParts {
  planned: PlannedMachine;
  server: ApiServer;
  loop: Loop;
  random: Random;
  network: ClusterNetwork;
  links: Links;
  storage: NetworkStorage;
  registries: Registries;
  brokenImages: ReadonlySet<string>;
  /** The machine that the API server runs on, and its address. */
  controlPlane: string;
  apiServerAddress: string;
  /** What else listens there. */
  ports: ControlPlanePorts;
  /** False while the API server is down, or does not let this address in. */
  answers(from: string): boolean;
  eventLimits?: boolean;
  pullDuration?: ClusterOptions['pullDuration'];
  externalCloud?: boolean;
  csiDrivers?: readonly NodeDriver[];
}

/** systemd starts a crashed kubelet again after ten seconds, as kubeadm's unit says. */
const restartAfter = 10_000;

export function createNode({ planned, server, loop, network, links, storage, registries, brokenImages, controlPlane, apiServerAddress, ports, answers, eventLimits, pullDuration, externalCloud, csiDrivers, ...rest }: NodeParts): ClusterNode {
  const { name, ip, ips, cpus, memory, options } = planned;
  const random = rest.random.fork(`node/${name}`);
  const machine = createMachine({ name, clock: loop.clock, ips, cpus, memory, storage });
  const dockerTime = !server.version.has('containerd-by-default');
  const runtime = createRuntime({ machine, network, registries, random: random.fork('runtime'), pullDuration, name: dockerTime ? 'docker' : 'containerd' });
  runtime.imageService.pullFault = (image) => (brokenImages.has(image) ? 'timeout' : undefined);
  const own = name === controlPlane ? ports : undefined;
  const serving = own && apiEndpoint(server, () => answers(ip), [name, ...ips]);
  machine.alsoListening = own?.open;
  network.attachHost(name, ip, hostEndpoint(machine, (port) => serving?.(port) ?? own?.listener(port) ?? kubelet.listener(port) ?? runtime.listener(port) ?? machine.serving.get(port)), machine);
  const criCalls = listenTo(runtime, name, { clock: loop.clock, requests: () => server.requestCount });
  reboot(runtime, server);
  const online = () => machine.powered && answers(ip) && links.up(name, controlPlane);
  const kubelet = createKubelet({
    connect: () =>
      new InProcessClient({
        server,
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
    apiServerAddress,
    maxPods: options.pods,
    labels: { ...options.labels, ...(planned.controlPlane && roleLabels(server)) },
    taints: planned.controlPlane ? [controlPlaneTaint(server)] : options.taints,
    externalCloud,
    newKey: () => server.certificates.newKey?.() ?? standInKey,
    csiDrivers,
    system: planned.controlPlane ? controlPlaneUse : workerUse,
    services: (namespace) => network.variables(namespace),
  });
  links.onChange(() => online() && kubelet.reconnect());
  const daemon = machine.addUnit(runtime.name, { description: `${runtime.name} container runtime`, service: { start: () => (runtime.silentSince = undefined), stop: () => (runtime.silentSince = loop.clock.now) } });
  const unit = machine.addUnit('kubelet', { description: 'kubelet: The Kubernetes Node Agent', restartAfter, service: { start: () => kubelet.start(), stop: () => kubelet.stop() } });
  const process = {
    get running() {
      return kubelet.running;
    },
    start: () => unit.start(),
    stop: () => unit.stop(),
  };
  return { machine, kubelet, runtime, criCalls, controlPlane: planned.controlPlane, process, start: () => (daemon.start(), unit.start()), commands: () => commandsOf(runtime, { registries, random: random.fork('docker') }) };
}

/** What a machine is to others: whatever the firewall in front of it lets through to what listens there. Its own rules are asked on the way. */
function hostEndpoint(machine: Machine, listener: Endpoint['listener']): Endpoint {
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

function controlPlaneTaint({ version }: ApiServer) {
  const role = version.has('control-plane-role') ? 'control-plane' : 'master';
  return { key: `node-role.kubernetes.io/${role}`, effect: 'NoSchedule' as const };
}

function roleLabels({ version }: ApiServer): Record<string, string> {
  const labels: Record<string, string> = { 'node-role.kubernetes.io/control-plane': '' };
  if (!version.has('control-plane-role')) labels['node-role.kubernetes.io/master'] = '';
  return { ...labels, 'node.kubernetes.io/exclude-from-external-load-balancers': '' };
}
