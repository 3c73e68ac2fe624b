// The sandbox of a pod on one machine: the network and the name that its containers share.
import type { Answering, Endpoint, HttpResponse, Machine, Network, PodRecord, SandboxConfig } from '../machine/index.ts';
import type { Random } from '../sim/index.ts';
import type { Container } from './container.ts';
import type { Surroundings } from './surroundings.ts';

/** What a sandbox needs of the runtime that keeps it. */
export interface SandboxRuntime {
  readonly machine: Machine;
  readonly network: Network;
  readonly random: Random;
  readonly logLimit: number;
  largeLog(id: string): void;
  onChange: ((uid: string) => void) | undefined;
  /** What pods on the host's own network listen on. */
  listener(port: number): Answering | undefined;
}

export class Sandbox implements PodRecord, Surroundings, Endpoint {
  sandboxId = '';
  sandboxReady = false;
  sandboxError = '';
  attempt = 0;
  ip = '';
  containers: Container[] = [];
  hostname: string;
  hostNetwork: boolean;
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  readonly cgroup: SandboxConfig['cgroup'];
  readonly sandbox: number;
  readonly portMappings: SandboxConfig['portMappings'];
  readonly sysctls: SandboxConfig['sysctls'];
  readonly #runtime: SandboxRuntime;

  /** `number` is its own on this machine. */
  constructor(runtime: SandboxRuntime, config: SandboxConfig, number: number) {
    this.#runtime = runtime;
    this.uid = config.uid;
    this.name = config.name;
    this.namespace = config.namespace;
    this.hostname = config.hostname;
    this.hostNetwork = config.hostNetwork;
    this.cgroup = config.cgroup;
    this.portMappings = config.portMappings;
    this.sysctls = config.sysctls;
    this.sandbox = number;
  }

  get machine(): Machine {
    return this.#runtime.machine;
  }
  get network(): Network {
    return this.#runtime.network;
  }
  get random(): Random {
    return this.#runtime.random;
  }
  get logLimit(): number {
    return this.#runtime.logLimit;
  }
  largeLog(id: string): void {
    this.#runtime.largeLog(id);
  }
  changed(): void {
    this.#runtime.onChange?.(this.uid);
  }

  get ips(): readonly string[] {
    if (this.hostNetwork) return this.machine.ips;
    return this.ip ? (this.network.addresses?.(this.machine.name, this.ip) ?? [this.ip]) : [];
  }

  isTaken(port: number): boolean {
    return (this.hostNetwork ? this.#runtime : this).listener(port) !== undefined;
  }

  listener(port: number): Answering | undefined {
    for (const container of this.containers) {
      const listener = container.listener(port);
      if (!listener) continue;
      const answering: Answering = (request) => untilItEnds(served(listener(request, container), container, request.steady), () => container.listener(port) === listener);
      answering.process = container;
      if (listener.accept) answering.accept = (peer) => container.connect(listener, peer);
      if (listener.dns) answering.dns = listener.dns;
      return answering;
    }
    return undefined;
  }
}

/** An answer that costs CPU time comes when that is spent: later where it is short. */
function served(response: HttpResponse, container: Container, steady = false): HttpResponse {
  const { cpu, delay = 5 } = response;
  if (cpu === undefined || response.by) return response;
  const account = container.cpu;
  if (!steady) account.burst(cpu);
  return { ...response, by: account, delay: delay + cpu * account.stretch };
}

/** What a process sends on ends with it. */
function untilItEnds(response: HttpResponse, lives: () => boolean): HttpResponse {
  const { stream } = response;
  return stream ? { ...response, stream: () => (lives() ? stream() : undefined) } : response;
}
