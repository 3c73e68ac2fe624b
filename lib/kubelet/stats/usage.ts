// What the pods of a node and the node itself use, looked up when somebody asks: nothing is sampled in between.
// Differs from Kubernetes: cAdvisor samples every ten to fifteen seconds, so that what a kubelet says is that old.
import { type ContainerUsage, KiB, type Machine, type Runtime } from '../../machine/index.ts';

export interface ContainerStats extends ContainerUsage {
  name: string;
  /** Milliseconds. */
  startedAt: number;
  /** Bytes that it wrote into its own files and its log, counted when somebody asks. */
  written(): number;
}

export interface PodStats extends ContainerUsage {
  name: string;
  namespace: string;
  uid: string;
  startedAt: number;
  containers: ContainerStats[];
}

export interface NodeStats extends ContainerUsage {
  startedAt: number;
  /** What remains of its memory. */
  memoryAvailable: number;
}

/** CPUs and bytes that a machine's own processes use. */
export interface SystemUse {
  cores: number;
  memory: number;
}

/**
 * Of a worker: the system, the container runtime, the kubelet; and kube-proxy, the network plug-in and DNS, which have no pods here.
 * Differs from Kubernetes: round figures, about those of an idle machine that kubeadm made a node of.
 */
export const workerUse: SystemUse = { cores: 0.035, memory: 421_316 * KiB };
/** With kube-apiserver, etcd, kube-controller-manager and kube-scheduler. */
export const controlPlaneUse: SystemUse = { cores: 0.135, memory: 1_003_724 * KiB };

/** Bytes of the pause container. */
const sandboxMemory = 256 * KiB;

export function podStats(runtime: Pick<Runtime, 'pods' | 'usage' | 'diskUsage'>): PodStats[] {
  const found: PodStats[] = [];
  for (const { uid, name, namespace, containers } of runtime.pods.values()) {
    const running = containers.flatMap(({ id, config, startedAt }): ContainerStats[] => {
      const used = runtime.usage(id);
      return used ? [{ name: config.name, startedAt, written: () => runtime.diskUsage(id), ...used }] : [];
    });
    if (running.length === 0) continue;
    const sum = (of: (one: ContainerStats) => number) => running.reduce((total, one) => total + of(one), 0);
    found.push({ uid, name, namespace, containers: running, startedAt: Math.min(...running.map((one) => one.startedAt)), cpu: sum((one) => one.cpu), cores: sum((one) => one.cores), memory: sum((one) => one.memory) + sandboxMemory });
  }
  return found;
}

export function nodeStats(machine: Machine, runtime: Pick<Runtime, 'cpuTime'>, { system, pods }: { system: SystemUse; pods: readonly PodStats[] }): NodeStats {
  const { clock, bootedAt } = machine;
  const memory = Math.min(machine.memory, system.memory + Math.max(machine.memoryUsed, 0));
  return {
    startedAt: bootedAt,
    cpu: Math.round(system.cores * (clock.now - bootedAt) * 1e6) + runtime.cpuTime,
    cores: Math.min(machine.cpus, system.cores + pods.reduce((sum, { cores }) => sum + cores, 0)),
    memory,
    memoryAvailable: machine.memory - memory,
  };
}
