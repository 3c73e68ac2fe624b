// The kubelet's own check before it runs a pod that was assigned to it, by a scheduler or by hand.
import { bytes, type Container, cpuMilli, isSidecar, type Node, type Pod, type Version } from '../api/index.ts';

export interface Rejection {
  reason: string;
  message: string;
}

interface Amounts {
  cpu: number;
  memory: number;
}

/** What a pod requests: its containers and sidecars together, or at its start an init container and the sidecars before it if that is more. */
export function podRequests({ spec }: Pod): Amounts {
  let [cpu, memory] = [0, 0];
  for (const { resources } of spec.containers) {
    cpu += cpuMilli(resources?.requests?.['cpu']);
    memory += bytes(resources?.requests?.['memory']);
  }
  if (spec.initContainers) [cpu, memory] = withInitContainers(spec.initContainers, { cpu, memory });
  return { cpu: cpu + cpuMilli(spec.overhead?.['cpu']), memory: memory + bytes(spec.overhead?.['memory']) };
}

function withInitContainers(containers: readonly Container[], { cpu, memory }: Amounts): [number, number] {
  const peak = { cpu: 0, memory: 0 };
  const sidecars = { cpu: 0, memory: 0 };
  for (const container of containers) {
    const requests = container.resources?.requests;
    const step = { cpu: sidecars.cpu + cpuMilli(requests?.['cpu']), memory: sidecars.memory + bytes(requests?.['memory']) };
    if (isSidecar(container)) Object.assign(sidecars, step);
    peak.cpu = Math.max(peak.cpu, step.cpu);
    peak.memory = Math.max(peak.memory, step.memory);
  }
  return [Math.max(cpu + sidecars.cpu, peak.cpu), Math.max(memory + sidecars.memory, peak.memory)];
}

interface Lacking {
  resource: string;
  why: string;
}

const lacking = (resource: string, requested: number, used: number, capacity: number): Lacking => ({ resource, why: `Node didn't have enough resource: ${resource}, requested: ${requested}, used: ${used}, capacity: ${capacity}` });

/** Keeps the sums of what runs here, so that a new pod is compared with numbers and not with all other pods. */
export class Admission {
  readonly #allocatable: { cpu: number; memory: number; pods: number };
  readonly #version: Version;
  readonly #admitted = new Map<string, Amounts>();
  #used = { cpu: 0, memory: 0 };

  constructor(allocatable: { cpu: number; memory: number; pods: number }, version: Version) {
    this.#allocatable = allocatable;
    this.#version = version;
  }

  /** Takes the pod in, or says why not. Labels are asked for only by a pod that selects by them. */
  admit(pod: Pod, node: () => Node | undefined): Rejection | undefined {
    const requests = podRequests(pod);
    const rejection = this.#resources(requests) ?? this.#selector(pod, node);
    if (!rejection) this.#add(pod, requests);
    return rejection;
  }

  /** A pod that runs here asks for more or less. */
  resize(pod: Pod): { reason: 'Deferred' | 'Infeasible'; message: string } | undefined {
    const wanted = podRequests(pod);
    for (const resource of ['cpu', 'memory'] as const) {
      const capacity = this.#allocatable[resource];
      if (wanted[resource] > capacity) return { reason: 'Infeasible', message: `Node didn't have enough capacity: ${resource}, requested: ${wanted[resource]}, capacity: ${capacity}` };
    }
    const before = this.#admitted.get(pod.metadata.uid);
    this.release(pod.metadata.uid);
    const refusal = this.#short(wanted);
    this.#add(pod, refusal && before ? before : wanted);
    return refusal && { reason: 'Deferred', message: refusal.why };
  }

  /** A pod that ran here before the kubelet started is not asked again. */
  readmit(pod: Pod): void {
    this.#add(pod, podRequests(pod));
  }

  release(uid: string): void {
    const amounts = this.#admitted.get(uid);
    if (!amounts) return;
    this.#admitted.delete(uid);
    this.#used.cpu -= amounts.cpu;
    this.#used.memory -= amounts.memory;
  }

  #add(pod: Pod, amounts: Amounts): void {
    if (this.#admitted.has(pod.metadata.uid)) return;
    this.#admitted.set(pod.metadata.uid, amounts);
    this.#used.cpu += amounts.cpu;
    this.#used.memory += amounts.memory;
  }

  #resources(amounts: Amounts): Rejection | undefined {
    const { pods } = this.#allocatable;
    const count = this.#admitted.size;
    const short = count + 1 > pods ? lacking('pods', 1, count, pods) : this.#short(amounts);
    return short && this.#reject(`OutOf${short.resource}`, short.why);
  }

  #short({ cpu, memory }: Amounts): Lacking | undefined {
    const { cpu: allCpu, memory: allMemory } = this.#allocatable;
    if (cpu > 0 && this.#used.cpu + cpu > allCpu) return lacking('cpu', cpu, this.#used.cpu, allCpu);
    if (memory > 0 && this.#used.memory + memory > allMemory) return lacking('memory', memory, this.#used.memory, allMemory);
    return undefined;
  }

  // Differs from Kubernetes: only nodeSelector is looked at here, the scheduler looks at affinity.
  #selector(pod: Pod, node: () => Node | undefined): Rejection | undefined {
    const selector = pod.spec.nodeSelector;
    const labels = selector && node()?.metadata.labels;
    if (!selector || !labels) return undefined;
    for (const key in selector) if (labels[key] !== selector[key]) return this.#reject('NodeAffinity', 'Predicate NodeAffinity failed');
    return undefined;
  }

  #reject(reason: string, why: string): Rejection {
    return { reason, message: this.#version.has('pod-rejected-message') ? `Pod was rejected: ${why}` : `Pod ${why}` };
  }
}
