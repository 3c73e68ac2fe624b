// The kubelet's own check before it runs a pod that was assigned to it, by a scheduler or by hand (pkg/kubelet/lifecycle).
import { bytes, clash, type HostPort, hostPorts, type Node, nodeRequirement, type Pod, type PodSpec, type Version } from '../api/index.ts';
import { type Amounts, podRequests } from './pod-requests.ts';
import type { Requirement } from './preemption.ts';
import { forbiddenSysctl } from './sysctls.ts';

export interface Rejection {
  reason: string;
  message: string;
}

interface Lacking {
  resource: string;
  why: string;
  /** So much more than there is. */
  quantity: number;
}

/** The node as it was last seen, and as it is now. */
interface Nodes {
  known(): Node | undefined;
  fresh(): Node | undefined;
}

interface Admitted {
  amounts: Amounts;
  ports: readonly HostPort[];
}

const lacking = (resource: string, requested: number, used: number, capacity: number): Lacking => ({ resource, quantity: requested + used - capacity, why: `Node didn't have enough resource: ${resource}, requested: ${requested}, used: ${used}, capacity: ${capacity}` });

/** Keeps the sums of what runs here, so that a new pod is compared with numbers and not with all other pods. */
export class Admission {
  readonly #allocatable: { cpu: number; memory: number; pods: number };
  readonly #version: Version;
  readonly #admitted = new Map<string, Admitted>();
  #used = { cpu: 0, memory: 0 };

  constructor(allocatable: { cpu: number; memory: number; pods: number }, version: Version) {
    this.#allocatable = allocatable;
    this.#version = version;
  }

  /** Takes the pod in, or says why not. The node is asked for only by a pod that is particular about it. */
  admit(pod: Pod, node: Nodes): Rejection | undefined {
    const amounts = podRequests(pod);
    const ports = hostPorts(pod.spec);
    const rejection = this.#sysctls(pod) ?? this.#resources(amounts, node.fresh) ?? this.#affinity(pod.spec, node) ?? this.#ports(ports);
    if (!rejection) this.#add(pod, { amounts, ports });
    return rejection;
  }

  /** How much a pod lacks, and what else stands against it: nobody ends for a pod that could not run anyway. */
  missing(pod: Pod, node: Nodes): { requirements: Requirement[]; other: Rejection | undefined } {
    const amounts = podRequests(pod);
    const { cpu, memory, pods } = this.#allocatable;
    const [found, others] = [[{ resource: 'pods', quantity: this.#admitted.size + 1 - pods }, { resource: 'cpu', quantity: this.#used.cpu + amounts.cpu - cpu }, { resource: 'memory', quantity: this.#used.memory + amounts.memory - memory }], this.#shortOfOthers(amounts, node.fresh)];
    const requirements = found.filter(({ resource, quantity }) => quantity > 0 && (resource === 'pods' || amounts[resource]! > 0));
    if (others) requirements.push({ resource: others.resource, quantity: others.quantity });
    return { requirements, other: this.#sysctls(pod) ?? this.#affinity(pod.spec, node) ?? this.#ports(hostPorts(pod.spec)) };
  }

  /** A critical pod for which nobody can be ended. */
  unexpected(why: string): Rejection {
    return this.#reject('UnexpectedAdmissionError', `Unexpected error while attempting to recover from admission failure: preemption: error finding a set of pods to preempt: ${why}`);
  }

  /** A pod that runs here asks for more or less. */
  resize(pod: Pod): { reason: 'Deferred' | 'Infeasible'; message: string } | undefined {
    const wanted = podRequests(pod);
    for (const resource of ['memory', 'cpu'] as const) {
      const capacity = this.#allocatable[resource];
      if (wanted[resource] > capacity) return { reason: 'Infeasible', message: `Node didn't have enough capacity: ${resource}, requested: ${wanted[resource]}, capacity: ${capacity}` };
    }
    const before = this.#admitted.get(pod.metadata.uid);
    this.release(pod.metadata.uid);
    const refusal = this.#short(wanted);
    this.#add(pod, { amounts: refusal && before ? before.amounts : wanted, ports: before?.ports ?? hostPorts(pod.spec) });
    return refusal && { reason: 'Deferred', message: refusal.why };
  }

  /** A pod that ran here before the kubelet started is not asked again. */
  readmit(pod: Pod): void {
    this.#add(pod, { amounts: podRequests(pod), ports: hostPorts(pod.spec) });
  }

  /** What a pod that has ended asked for is free. */
  release(uid: string): void {
    const admitted = this.#admitted.get(uid);
    if (!admitted) return;
    this.#admitted.delete(uid);
    this.#used.cpu -= admitted.amounts.cpu;
    this.#used.memory -= admitted.amounts.memory;
  }

  #add({ metadata: { uid } }: Pod, admitted: Admitted): void {
    if (this.#admitted.has(uid)) return;
    this.#admitted.set(uid, admitted);
    this.#used.cpu += admitted.amounts.cpu;
    this.#used.memory += admitted.amounts.memory;
  }

  #resources(amounts: Amounts, node: () => Node | undefined): Rejection | undefined {
    const { pods } = this.#allocatable;
    const count = this.#admitted.size;
    const short = count + 1 > pods ? lacking('pods', 1, count, pods) : (this.#short(amounts) ?? this.#shortOfOthers(amounts, node));
    return short && this.#reject(`OutOf${short.resource}`, short.why);
  }

  #short({ cpu, memory }: Amounts): Lacking | undefined {
    const { cpu: allCpu, memory: allMemory } = this.#allocatable;
    if (cpu > 0 && this.#used.cpu + cpu > allCpu) return lacking('cpu', cpu, this.#used.cpu, allCpu);
    if (memory > 0 && this.#used.memory + memory > allMemory) return lacking('memory', memory, this.#used.memory, allMemory);
    return undefined;
  }

  /** Disk, huge pages and what others have put in the node's status. Resources that the node does not know are the cluster's. */
  #shortOfOthers(amounts: Amounts, node: () => Node | undefined): Lacking | undefined {
    let allocatable: Readonly<Record<string, string>> | undefined;
    for (const resource in amounts) {
      if (resource === 'cpu' || resource === 'memory' || !(amounts[resource]! > 0)) continue;
      const capacity = (allocatable ??= node()?.status.allocatable ?? {})[resource];
      if (capacity === undefined) continue;
      let used = 0;
      for (const other of this.#admitted.values()) used += other.amounts[resource] ?? 0;
      if (used + amounts[resource]! > bytes(capacity)) return lacking(resource, amounts[resource]!, used, bytes(capacity));
    }
    return undefined;
  }

  /** A node may change its labels, but not its name. */
  #affinity(spec: PodSpec, { known, fresh }: Nodes): Rejection | undefined {
    const requirement = nodeRequirement(spec);
    if (!requirement.key) return undefined;
    const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
    const present = spec.nodeSelector || terms.some(({ matchExpressions }) => matchExpressions?.length) ? fresh() : known();
    return present && !requirement.matches(present) ? this.#reject('NodeAffinity', 'Predicate NodeAffinity failed') : undefined;
  }

  #sysctls(pod: Pod): Rejection | undefined {
    const why = pod.spec.securityContext?.sysctls && forbiddenSysctl(pod, this.#version);
    return why ? this.#reject('SysctlForbidden', why) : undefined;
  }

  #ports(wanted: readonly HostPort[]): Rejection | undefined {
    if (wanted.length === 0) return undefined;
    for (const { ports } of this.#admitted.values()) {
      if (ports.some((taken) => wanted.some((port) => clash(port, taken)))) return this.#reject('NodePorts', 'Predicate NodePorts failed');
    }
    return undefined;
  }

  #reject(reason: string, why: string): Rejection {
    return { reason, message: this.#version.has('pod-rejected-message') ? `Pod was rejected: ${why}` : `Pod ${why}` };
  }
}
