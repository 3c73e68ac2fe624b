// Groups of alike machines that grow and shrink: what clouds call an Auto Scaling group, a managed instance group, a scale set.
import type { Clock } from '../../sim/index.ts';
import { duration } from '../../sim/index.ts';
import type { NodeOptions } from '../options.ts';

/** A group of rented workers, all alike. Its machines are named `<group>-1`, `<group>-2` …; a number is never used again. */
export interface NodeGroupOptions extends Omit<NodeOptions, 'name' | 'ip'> {
  name: string;
  /** Smallest and largest size. Default 1 and 10. */
  min?: number;
  max?: number;
  /** How many machines the cluster begins with. Default `min`. */
  size?: number;
  /** From the order of a machine until its kubelet starts. Default `'30s'`. */
  boot?: string | number;
}

export interface CloudGroup {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** How many machines it is to have. */
  readonly target: number;
  /** Those that it has, and those that are being set up. */
  readonly machines: readonly { readonly name: string; readonly running: boolean; readonly ordered: number }[];
  readonly options: NodeGroupOptions;
}

/** What a cloud remembers of a group. */
export interface GroupState {
  readonly machines: readonly string[];
  /** How many there have been. */
  readonly made: number;
}

interface Member {
  name: string;
  running: boolean;
  /** Milliseconds of virtual time. */
  ordered: number;
}

export interface GroupParts {
  clock: Clock;
  options: readonly NodeGroupOptions[];
  state?: Readonly<Record<string, GroupState>> | undefined;
  /** Carries out a paid call, or lets it fail. */
  call<T>(call: string, about: string, run: () => T): T;
  /** A machine has been set up: it boots. */
  boot(name: string, options: NodeGroupOptions): void;
  /** A machine is given back. */
  end(name: string): void;
}

export class NodeGroups {
  readonly #parts: GroupParts;
  readonly #groups: Map<string, { options: NodeGroupOptions; members: Member[]; made: number }>;

  constructor(parts: GroupParts) {
    this.#parts = parts;
    const member = (name: string): Member => ({ name, running: true, ordered: parts.clock.now });
    this.#groups = new Map(parts.options.map((options) => {
      const { machines, made } = firstMachines(options, parts.state);
      return [options.name, { options, members: machines.map(member), made }];
    }));
  }

  get state(): Record<string, GroupState> {
    return Object.fromEntries([...this.#groups].map(([name, { members, made }]) => [name, { machines: members.map((one) => one.name), made }]));
  }

  list(): readonly CloudGroup[] {
    return [...this.#groups.values()].map(({ options, members }) => ({ name: options.name, min: options.min ?? 1, max: options.max ?? 10, target: members.length, machines: members.map((one) => ({ ...one })), options }));
  }

  /** Orders machines. Throws when the group would be larger than it may be. */
  grow(name: string, by: number): void {
    const group = this.#found(name);
    const [size, max] = [group.members.length + by, group.options.max ?? 10];
    this.#parts.call('SetDesiredCapacity', `${name} ${size}`, () => {
      if (size > max) throw new Error(`ValidationError: New SetDesiredCapacity value ${size} is above max value ${max} for the AutoScalingGroup.`);
      for (let i = 0; i < by; i++) this.#order(group);
    });
  }

  /** Gives machines back, and makes the group as much smaller. */
  shrink(name: string, machines: readonly string[]): void {
    const group = this.#found(name);
    for (const machine of machines) {
      this.#parts.call('TerminateInstanceInAutoScalingGroup', machine, () => {
        const member = group.members.find((one) => one.name === machine);
        if (!member) throw new Error(`ValidationError: Instance Id not found - No managed instance found for instance ID: ${machine}`);
        group.members = group.members.filter((one) => one !== member);
        if (member.running) this.#parts.end(machine);
      });
    }
  }

  /** A machine ended without the group having been asked: the group keeps its size, so that another comes. */
  lost(machine: string): void {
    const group = [...this.#groups.values()].find(({ members }) => members.some(({ name }) => name === machine));
    if (!group) return;
    group.members = group.members.filter(({ name }) => name !== machine);
    this.#order(group);
  }

  #order(group: { options: NodeGroupOptions; members: Member[]; made: number }): void {
    const { clock, boot } = this.#parts;
    const member: Member = { name: `${group.options.name}-${++group.made}`, running: false, ordered: clock.now };
    group.members.push(member);
    clock.after(duration(group.options.boot ?? '30s'), () => {
      if (!group.members.includes(member)) return;
      member.running = true;
      boot(member.name, group.options);
    });
  }

  #found(name: string) {
    const group = this.#groups.get(name);
    if (!group) throw new Error(`ValidationError: AutoScalingGroup name not found - AutoScalingGroup ${name} not found`);
    return group;
  }
}

/** The machines that a group begins with. */
export function firstMachines({ name, min = 1, max = 10, size = min }: NodeGroupOptions, state: Readonly<Record<string, GroupState>> = {}): GroupState {
  if (!(min >= 0 && min <= size && size <= max)) throw new RangeError(`노드 그룹 '${name}': min ≤ size ≤ max여야 한다: ${min}, ${size}, ${max}`);
  return state[name] ?? { machines: Array.from({ length: size }, (_, i) => `${name}-${i + 1}`), made: size };
}
