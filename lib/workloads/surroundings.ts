// The pod and the host around a container.
import type { Machine, Network, SandboxConfig } from '../machine/index.ts';
import type { Random } from '../sim/index.ts';
import type { Container } from './container.ts';

/** What a container needs of the pod and host it runs in. */
export interface Surroundings {
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  readonly hostname: string;
  readonly ip: string;
  readonly ips: readonly string[];
  readonly machine: Machine;
  readonly network: Network;
  readonly random: Random;
  /** A number of its own on this machine. */
  readonly sandbox: number;
  readonly hostNetwork: boolean;
  readonly cgroup: SandboxConfig['cgroup'];
  readonly sysctls: SandboxConfig['sysctls'];
  /** Newest first. */
  readonly containers: readonly Container[];
  /** Whether a container with the same address listens on the port already. */
  isTaken(port: number): boolean;
  /** From so many bytes on a log is large, and somebody wants to know. */
  readonly logLimit: number;
  largeLog(id: string): void;
  /** A container of this pod changed. */
  changed(): void;
}
