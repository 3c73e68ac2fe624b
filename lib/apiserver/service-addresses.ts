// Cluster IPs and node ports: handed out once each, from the ranges of the cluster.
import { equal, type FieldError, internalError, invalidObject, IPRange, type KubeObject, type Resource, type Version } from '../api/index.ts';
import type { Random } from '../sim/index.ts';
import { PortRange } from './port-range.ts';

export interface ServiceRanges {
  /** `10.96.0.0/16`; of two families the default one first, with a comma between. */
  serviceCIDR: string;
  /** First and last node port. */
  nodePorts: [number, number];
}

interface Given {
  ips: string[];
  ports: number[];
}

/** The first address of a range is the API server's own. */
const ownPlace = 1;

export class ServiceAddresses {
  #ips: readonly IPRange[] = [];
  #ports: PortRange;
  #ranges: ServiceRanges;
  #random: Random;
  #version: Version;

  constructor(ranges: ServiceRanges, random: Random, version: Version) {
    this.#ranges = ranges;
    this.#random = random;
    this.#version = version;
    this.#ports = new PortRange(...ranges.nodePorts);
    this.reset([]);
  }

  /** Fills in what the Service needs; gives it back when `write` throws, or when nothing is meant to stay (a dry run). */
  around<T>(resource: Resource, service: KubeObject, { old, dryRun, write }: { old?: KubeObject; dryRun?: boolean; write: () => T }): T {
    const given: Given = { ips: [], ports: [] };
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
    for (const ip of given.ips) this.#rangeOf(ip)?.release(ip);
    for (const port of given.ports) this.#ports.release(port);
  }

  /** What is stored tells what has been given. */
  reset(services: readonly KubeObject[]): void {
    this.#ips = this.#ranges.serviceCIDR.split(',').map((cidr) => new IPRange(cidr));
    this.#ports = new PortRange(...this.#ranges.nodePorts);
    for (const service of services) {
      for (const ip of ipsOf(service)) if (this.#why(ip) === undefined) this.#rangeOf(ip)!.allocate(ip);
      for (const port of nodePortsOf(service)) this.#ports.allocate(port);
    }
  }

  release(service: KubeObject): void {
    this.#takeBack({ ips: ipsOf(service), ports: nodePortsOf(service) });
  }

  #allocate(resource: Resource, service: KubeObject, old: KubeObject | undefined, given: Given): void {
    const { spec } = service;
    const errors: FieldError[] = [];
    if (spec.type !== 'ExternalName' && spec.clusterIP !== 'None') errors.push(...this.#allocateIPs(service, old, given));
    if (errors.length === 0 && (spec.type === 'NodePort' || spec.type === 'LoadBalancer')) errors.push(...this.#allocatePorts(service, old, given));
    if (errors.length > 0) throw invalidObject(resource, service.metadata.name, errors);
  }

  /** One of each of its families; releases that know no families give one of the cluster's first. */
  #allocateIPs(service: KubeObject, old: KubeObject | undefined, given: Given): FieldError[] {
    const { spec } = service;
    const before = old ? ipsOf(old) : [];
    if (before.length > 0 && !spec.clusterIP) spec.clusterIP = before[0];
    const asked: (string | undefined)[] = spec.clusterIPs?.[0] === spec.clusterIP ? [...(spec.clusterIPs ?? [])] : [spec.clusterIP];
    const families: string[] = spec.ipFamilies ?? [this.#ips[0]!.family];
    const ips: string[] = [];
    for (const [i, family] of families.entries()) {
      const ip = asked[i];
      if (!ip) ips.push(this.#nextIp(family));
      else {
        const wrong = before.includes(ip) ? undefined : this.#isReserved(service, ip) ? taken : this.#takeIp(ip);
        if (wrong) return [{ type: 'FieldValueInvalid', field: 'spec.clusterIPs', message: `Invalid value: []string{${asked.map((one) => JSON.stringify(one ?? '')).join(', ')}}: ${this.#refusal(ip, wrong)}` }];
        ips.push(ip);
      }
      if (!before.includes(ips[i]!)) given.ips.push(ips[i]!);
    }
    if (!equal(spec.clusterIPs, ips)) spec.clusterIPs = ips;
    if (spec.clusterIP !== ips[0]) spec.clusterIP = ips[0];
    return [];
  }

  #rangeOf(ip: string): IPRange | undefined {
    return this.#ips.find(({ family }) => family === familyOf(ip));
  }

  #isReserved({ metadata }: KubeObject, ip: string): boolean {
    return ip === this.#rangeOf(ip)?.at(0) && !(metadata.namespace === 'default' && metadata.name === 'kubernetes');
  }

  #refusal(ip: string, why: string): string {
    return this.#version.has('cluster-ip-error-text') ? `failed to allocate IP ${ip}: ${why}` : `failed to allocated ip:${ip} with error:${why}`;
  }

  /** Why an address cannot be had. */
  #why(ip: string): string | undefined {
    const range = this.#rangeOf(ip);
    if (range?.has(ip)) return taken;
    if (range?.covers(ip)) return undefined;
    const which = this.#version.has('cluster-ip-error-text') ? `the provided IP (${ip})` : 'provided IP';
    return `${which} is not in the valid range. The range of valid IPs is ${(range ?? this.#ips[0]!).cidr}`;
  }

  #takeIp(ip: string): string | undefined {
    const why = this.#why(ip);
    if (why === undefined) this.#rangeOf(ip)!.allocate(ip);
    return why;
  }

  #nextIp(family: string): string {
    const range = this.#ips.find((one) => one.family === family)!;
    const reserved = this.#version.has('service-ip-static-part') ? Math.max(range.staticPart, ownPlace) : ownPlace;
    try {
      return range.allocateNext((n) => this.#random.int(n), { reserved });
    } catch (error) {
      throw internalError(`failed to allocate a serviceIP: ${(error as Error).message}`);
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
        const wrong = this.#ports.allocate(port.nodePort);
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
      const wrong = this.#ports.allocate(spec.healthCheckNodePort);
      if (wrong) throw internalError(`failed to allocate requested HealthCheck NodePort ${spec.healthCheckNodePort}: ${wrong}`);
    }
    given.ports.push(spec.healthCheckNodePort);
  }

  #nextPort(): number {
    const reserved = this.#version.has('node-port-static-part') ? this.#ports.staticPart : 0;
    const port = this.#ports.allocateNext((n) => this.#random.int(n), reserved);
    if (port === undefined) throw internalError('failed to allocate a nodePort: range is full');
    return port;
  }

  #releaseUnused(old: KubeObject, now: KubeObject): void {
    const stay = ipsOf(now);
    for (const ip of ipsOf(old)) if (!stay.includes(ip)) this.#rangeOf(ip)?.release(ip);
    const kept = new Set(nodePortsOf(now));
    for (const port of nodePortsOf(old)) if (!kept.has(port)) this.#ports.release(port);
  }
}

/** None of a headless Service. */
function ipsOf({ spec: { clusterIP, clusterIPs = clusterIP ? [clusterIP] : [] } }: KubeObject): string[] {
  return clusterIP && clusterIP !== 'None' ? clusterIPs : [];
}

const familyOf = (ip: string) => (ip.includes(':') ? 'IPv6' : 'IPv4');
const taken = 'provided IP is already allocated';

function nodePortsOf({ spec }: KubeObject): number[] {
  return [...(spec.ports ?? []).map((p: { nodePort?: number }) => p.nodePort), spec.healthCheckNodePort].filter(Boolean);
}
