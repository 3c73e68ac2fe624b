// Cluster IPs and node ports: handed out once each, from the ranges of the cluster.
import { type FieldError, internalError, invalidObject, type KubeObject, type Resource, type Version } from '../api/index.ts';
import type { Random } from '../sim/index.ts';

export interface ServiceRanges {
  /** `10.96.0.0/16` */
  serviceCIDR: string;
  /** First and last node port. */
  nodePorts: [number, number];
}

interface Given {
  ip?: string;
  ports: number[];
}

export class ServiceAddresses {
  #ips = new Set<number>();
  #ports = new Set<number>();
  #ranges: ServiceRanges;
  #random: Random;
  #version: Version;
  #base: number;
  #size: number;

  constructor(ranges: ServiceRanges, random: Random, version: Version) {
    this.#ranges = ranges;
    this.#random = random;
    this.#version = version;
    const [address, bits] = ranges.serviceCIDR.split('/') as [string, string];
    this.#base = toNumber(address);
    this.#size = 2 ** (32 - Number(bits)) - 2;
  }

  /** Fills in what the Service needs; gives it back when `write` throws, or when nothing is meant to stay (a dry run). */
  around<T>(resource: Resource, service: KubeObject, { old, dryRun, write }: { old?: KubeObject; dryRun?: boolean; write: () => T }): T {
    const given: Given = { ports: [] };
    try {
      this.#allocate(resource, service, old, given);
      const written = write();
      if (dryRun) this.#takeBack(given);
      else if (old) this.#releaseUnused(old, service);
      return written;
    } catch (error) {
      this.#takeBack(given);
      throw error;
    }
  }

  #takeBack(given: Given): void {
    if (given.ip) this.#ips.delete(toNumber(given.ip));
    for (const port of given.ports) this.#ports.delete(port);
  }

  /** What is stored tells what has been given. */
  reset(services: readonly KubeObject[]): void {
    this.#ips.clear();
    this.#ports.clear();
    for (const service of services) {
      if (hasIp(service)) this.#ips.add(toNumber(service.spec.clusterIP));
      for (const port of nodePortsOf(service)) this.#ports.add(port);
    }
  }

  release(service: KubeObject): void {
    if (hasIp(service)) this.#ips.delete(toNumber(service.spec.clusterIP));
    for (const port of nodePortsOf(service)) this.#ports.delete(port);
  }

  #allocate(resource: Resource, service: KubeObject, old: KubeObject | undefined, given: Given): void {
    const { spec } = service;
    const errors: FieldError[] = [];
    if (spec.type !== 'ExternalName') {
      if (old && hasIp(old) && !spec.clusterIP) spec.clusterIP = old.spec.clusterIP;
      if (!spec.clusterIP) spec.clusterIP = given.ip = this.#nextIp();
      else if (hasIp(service) && !(old && old.spec.clusterIP === spec.clusterIP)) {
        const wrong = this.#isReserved(service) ? 'provided IP is already allocated' : this.#takeIp(spec.clusterIP);
        if (wrong) errors.push({ type: 'FieldValueInvalid', field: 'spec.clusterIPs', message: `Invalid value: []string{${JSON.stringify(spec.clusterIP)}}: ${this.#refusal(spec.clusterIP, wrong)}` });
        else given.ip = spec.clusterIP;
      }
      if (spec.clusterIPs === undefined || spec.clusterIPs[0] !== spec.clusterIP) spec.clusterIPs = [spec.clusterIP];
    }
    if (errors.length === 0 && (spec.type === 'NodePort' || spec.type === 'LoadBalancer')) errors.push(...this.#allocatePorts(service, old, given));
    if (errors.length > 0) throw invalidObject(resource, service.metadata.name, errors);
  }

  /** The first address is that of the API server itself. */
  #isReserved({ metadata, spec }: KubeObject): boolean {
    return toNumber(spec.clusterIP) === this.#base + 1 && !(metadata.namespace === 'default' && metadata.name === 'kubernetes');
  }

  #refusal(ip: string, why: string): string {
    return this.#version.has('cluster-ip-error-text') ? `failed to allocate IP ${ip}: ${why}` : `failed to allocated ip:${ip} with error:${why}`;
  }

  #takeIp(ip: string): string | undefined {
    const number = toNumber(ip);
    const offset = number - this.#base;
    if (!(offset >= 1 && offset <= this.#size)) {
      const which = this.#version.has('cluster-ip-error-text') ? `the provided IP (${ip})` : 'provided IP';
      return `${which} is not in the valid range. The range of valid IPs is ${this.#ranges.serviceCIDR}`;
    }
    if (this.#ips.has(number)) return 'provided IP is already allocated';
    this.#ips.add(number);
    return undefined;
  }

  #nextIp(): string {
    if (this.#ips.size >= this.#size) throw new RangeError('range is full');
    for (;;) {
      const number = this.#base + 2 + this.#random.int(this.#size - 1);
      if (this.#ips.has(number)) continue;
      this.#ips.add(number);
      return toText(number);
    }
  }

  #allocatePorts({ spec }: KubeObject, old: KubeObject | undefined, given: Given): FieldError[] {
    const before = new Set(old ? nodePortsOf(old) : []);
    const ports: { port: number; nodePort?: number }[] = spec.ports ?? [];
    const shared = new Map<number, number>();
    // In a new Service TCP and UDP of one port number share a node port.
    if (!old) for (const { port, nodePort } of ports) if (nodePort && !shared.has(port)) shared.set(port, nodePort);
    for (const [i, port] of ports.entries()) {
      if (!port.nodePort) {
        if (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts === false) continue;
        const known = shared.get(port.port);
        port.nodePort = known ?? this.#nextPort();
        if (known === undefined) given.ports.push(port.nodePort);
        if (!old) shared.set(port.port, port.nodePort);
      } else if (!before.has(port.nodePort) && !given.ports.includes(port.nodePort)) {
        const wrong = this.#takePort(port.nodePort);
        if (wrong) return [{ type: 'FieldValueInvalid', field: `spec.ports[${i}].nodePort`, message: `Invalid value: ${port.nodePort}: ${wrong}` }];
        given.ports.push(port.nodePort);
      }
    }
    if (spec.externalTrafficPolicy === 'Local' && spec.type === 'LoadBalancer') this.#healthCheckPort(spec, old, given);
    return [];
  }

  #healthCheckPort(spec: KubeObject['spec'], old: KubeObject | undefined, given: Given): void {
    if (spec.healthCheckNodePort && spec.healthCheckNodePort === old?.spec.healthCheckNodePort) return;
    if (!spec.healthCheckNodePort) spec.healthCheckNodePort = this.#nextPort();
    else {
      const wrong = this.#takePort(spec.healthCheckNodePort);
      if (wrong) throw internalError(`failed to allocate requested HealthCheck NodePort ${spec.healthCheckNodePort}: ${wrong}`);
    }
    given.ports.push(spec.healthCheckNodePort);
  }

  #takePort(port: number): string | undefined {
    const [first, last] = this.#ranges.nodePorts;
    if (port < first || port > last) return `provided port is not in the valid range. The range of valid ports is ${first}-${last}`;
    if (this.#ports.has(port)) return 'provided port is already allocated';
    this.#ports.add(port);
    return undefined;
  }

  #nextPort(): number {
    const [first, last] = this.#ranges.nodePorts;
    for (;;) {
      const port = first + this.#random.int(last - first + 1);
      if (this.#ports.has(port)) continue;
      this.#ports.add(port);
      return port;
    }
  }

  #releaseUnused(old: KubeObject, now: KubeObject): void {
    if (hasIp(old) && old.spec.clusterIP !== now.spec.clusterIP) this.#ips.delete(toNumber(old.spec.clusterIP));
    const kept = new Set(nodePortsOf(now));
    for (const port of nodePortsOf(old)) if (!kept.has(port)) this.#ports.delete(port);
  }
}

function hasIp(service: KubeObject): boolean {
  return Boolean(service.spec.clusterIP) && service.spec.clusterIP !== 'None';
}

function nodePortsOf({ spec }: KubeObject): number[] {
  return [...(spec.ports ?? []).map((p: { nodePort?: number }) => p.nodePort), spec.healthCheckNodePort].filter(Boolean);
}

const toNumber = (ip: string) => ip.split('.').reduce((n, byte) => n * 256 + Number(byte), 0);
const toText = (n: number) => [24, 16, 8, 0].map((shift) => (n / 2 ** shift) & 255).join('.');
