// Wires what a control plane of several machines has beside that of one: elected components, machines of etcd, the balancer.
import type { ApiServer } from '../../apiserver/index.ts';
import { createMachine, type Machine, type NetworkStorage } from '../../machine/index.ts';
import type { ClusterNetwork } from '../../network/index.ts';
import type { Random } from '../../sim/index.ts';
import { apiEndpoint } from '../api-endpoint.ts';
import { controlPlanePorts, type ControlPlanePorts } from '../control-plane-ports.ts';
import { schedulerProcess } from '../control-plane-processes.ts';
import { type ControllerManager, type ControllerManagerOptions, createControllerManager } from '../controller-manager.ts';
import { hostEndpoint } from '../node.ts';
import { clientsOf, type Process, type Surroundings } from '../process.ts';
import { type Elected, elected } from './elected.ts';
import { reconcileEndpoints } from './endpoints.ts';
import { apiPort, type Replicas, together } from './replicas.ts';

export interface ElectedComponents {
  manager: ControllerManager;
  scheduler: ReturnType<typeof schedulerProcess>;
  /** `kube-scheduler/control-plane-2` */
  processes: ReadonlyMap<string, Process>;
}

/** A kube-controller-manager and a kube-scheduler on each head; each asks the API server of its own machine. */
export function electedComponents(around: Surroundings, { replicas, machines, factories, onError }: { replicas: Replicas; machines: ReadonlyMap<string, Machine> } & Pick<ControllerManagerOptions, 'factories' | 'onError'>): ElectedComponents {
  const heads = replicas.plan.heads.map(({ name }) => {
    const own: Surroundings = { ...around, random: around.random.fork(`head/${name}`), reachable: () => !around.server.storage.refusal && replicas.local(name) };
    const machine = machines.get(name)!;
    const manager = createControllerManager({ ...own, factories, onError });
    const scheduler = schedulerProcess(own, name);
    const stand = (work: Process): Elected => elected({ ...own, name: work.name, machine, random: own.random.fork(work.name), work });
    return { name, manager, scheduler, standing: [stand(manager), stand(scheduler)] as const };
  });
  const managers = together('kube-controller-manager', heads.map(({ standing }) => standing[0]));
  const schedulers = together('kube-scheduler', heads.map(({ standing }) => standing[1]));
  const leader = () => heads.find(({ scheduler }) => scheduler.running)?.scheduler;
  return {
    manager: withState(managers, {
      names: () => heads[0]!.manager.names,
      replace: (name, factory) => heads.forEach(({ manager }) => manager.replace(name, factory)),
    }),
    scheduler: Object.assign(schedulers, {
      explain(pod: Parameters<ReturnType<typeof schedulerProcess>['explain']>[0]) {
        const one = leader();
        if (!one) throw new Error('리더인 kube-scheduler가 없다');
        return one.explain(pod);
      },
    }),
    processes: new Map(heads.flatMap(({ name, standing }) => standing.map((process): [string, Process] => [`${process.name}/${name}`, process]))),
  };
}

const withState = (process: Process, { names, replace }: { names(): readonly string[]; replace: ControllerManager['replace'] }): ControllerManager => ({
  name: process.name,
  get running() {
    return process.running;
  },
  get names() {
    return names();
  },
  start: process.start,
  stop: process.stop,
  replace,
});

/** What listens on a machine of the control plane, and whether its own API server answers. */
export function headOf(name: string, { server, replicas, processes, machines }: { server: ApiServer; replicas: Replicas; processes: ReadonlyMap<string, Process>; machines: ReadonlyMap<string, Machine> }): { ports: ControlPlanePorts; answers(from: string): boolean } {
  return {
    ports: controlPlanePorts({ version: server.version, running: (process) => (machines.get(name)?.powered ?? true) && (processes.get(`${process}/${name}`)?.running ?? false) }),
    answers: (from) => !server.storage.refusal && (machines.get(name)?.admits(apiPort, from) ?? true) && replicas.local(name),
  };
}

interface MachineParts {
  server: ApiServer;
  random: Random;
  replicas: Replicas;
  network: ClusterNetwork;
  storage: NetworkStorage;
  machines: Map<string, Machine>;
  processes: ReadonlyMap<string, Process>;
}

/** The machines that are no nodes: those of etcd alone, and the balancer. */
export function addMachines({ server, replicas, network, storage, machines, processes }: MachineParts, clock: Machine['clock']): void {
  const { etcdOnly, balancer } = replicas.plan;
  const add = ({ name, ips }: { name: string; ips: readonly string[] }, listener: Parameters<typeof hostEndpoint>[1], open: Machine['alsoListening']) => {
    const machine = createMachine({ name, clock, ips, cpus: 2, storage });
    machine.alsoListening = open;
    network.attachHost(name, machine.ip, hostEndpoint(machine, (port) => listener(port) ?? machine.serving.get(port)), { boots: 1, isNode: false });
    machines.set(name, machine);
  };
  for (const one of etcdOnly) {
    const { ports } = headOf(one.name, { server, replicas, processes, machines });
    add(one, (port) => ports.listener(port), ports.open);
  }
  if (!balancer) return;
  const forward = apiEndpoint(server, () => replicas.byBalancer(), [balancer.name, ...balancer.ips]);
  add(balancer, forward, () => [[apiPort, 'haproxy']]);
}

/** From here on the machines tell of their power, and the API servers say that they are there. */
export function beginReplicas(replicas: Replicas, { around, machines }: { around: Surroundings; machines: ReadonlyMap<string, Machine> }): void {
  for (const machine of machines.values()) machine.onChange((what) => what === 'power' && replicas.powerChanged());
  const client = clientsOf({ ...around, reachable: () => true }, 'kube-apiserver').client({ user: 'system:apiserver' });
  reconcileEndpoints(replicas, { clock: around.loop.clock, client });
}
