// The address families of a cluster's network: whose an address is, and which addresses one pod has in both.
import { familyOf } from './kube-proxy/addresses.ts';
import type { Hosts } from './hosts.ts';
import type { PodNetwork, Sandbox } from './plugins/pod-network.ts';
import type { World } from './travel.ts';

/** The pods and machines of one family. */
export interface Stack extends World {
  readonly pods: PodNetwork;
  readonly hosts: Hosts;
}

export class Families {
  /** The cluster's first family comes first. */
  readonly stacks: readonly Stack[];
  /** The pods' network in the family that they have their first address of. */
  readonly pods: PodNetwork;
  /** In clusters with both families: `node address` → the other address of the pod that has it. */
  readonly #twins = new Map<string, string>();

  constructor(stacks: readonly Stack[], pods: PodNetwork) {
    this.stacks = stacks;
    this.pods = pods;
  }

  /** The family that an address is of; undefined in a cluster without it. */
  of(ip: string): Stack | undefined {
    const family = familyOf(ip);
    return this.stacks.find(({ pods }) => pods.family === family);
  }

  attach(node: string, sandbox: Sandbox): string {
    const ip = this.pods.attach(node, sandbox);
    for (const { pods } of this.stacks) if (pods !== this.pods && pods.gives) this.#attachTwin(node, ip, { pods, sandbox });
    return ip;
  }

  #attachTwin(node: string, ip: string, { pods, sandbox }: { pods: PodNetwork; sandbox: Sandbox }): void {
    try {
      const other = pods.attach(node, sandbox);
      this.#twins.set(`${node} ${ip}`, other).set(`${node} ${other}`, ip);
    } catch (error) {
      this.pods.detach(node, ip);
      throw error;
    }
  }

  detach(node: string, ip: string): void {
    this.pods.detach(node, ip);
    const other = this.#twins.get(`${node} ${ip}`);
    if (other === undefined) return;
    for (const { pods } of this.stacks) pods.detach(node, other);
    for (const one of [ip, other]) this.#twins.delete(`${node} ${one}`);
  }

  /** All addresses of the pod that has this one, the cluster's first family first. */
  addresses(node: string, ip: string): readonly string[] {
    const other = this.#twins.get(`${node} ${ip}`);
    return other === undefined ? [ip] : [ip, other];
  }
}
