// Who answers whom: connections between pods, hosts and Services, from the caller's name for the other to whoever listens.
import type { Caller, Dial, Echo, Endpoint, Protocol } from '../machine/index.ts';
import { echoOf } from './echo.ts';
import type { Families, Stack } from './families.ts';
import { familyOf } from './kube-proxy/addresses.ts';
import type { Family } from './kube-proxy/types.ts';
import { isIcmp, type Packet, splitPort } from './netfilter/packet.ts';
import type { Policies } from './policy/policies.ts';
import { type Journey, travel } from './travel.ts';

/** Ports of callers, one after the other: Linux' ip_local_port_range. */
const [firstEphemeral, ephemeralPorts] = [32_768, 28_232];

export class Connections {
  readonly #families: Families;
  readonly #policies: () => Policies | undefined;
  /** Address → what a host itself answers with. */
  readonly #hosts = new Map<string, { endpoint: Endpoint; node: string }>();
  #ephemeral = 0;

  /** `policies` are those that the network enforces. */
  constructor(families: Families, policies: () => Policies | undefined) {
    this.#families = families;
    this.#policies = policies;
  }

  addHost(ip: string, node: string, endpoint: Endpoint): void {
    this.#hosts.set(ip, { endpoint, node });
  }

  dial(asking: Caller, host: string, port: number, protocol: Protocol = 'tcp'): Dial {
    const loopback = isLoopback(host);
    const ofHost = this.#hosts.has(asking.ip);
    const ip = !loopback ? host : ofHost ? this.#loopback(host) : asking.ip;
    // Whoever calls by name has asked for its address; what is left are names that nobody knows.
    if (!isAddress(ip)) return { ip: '', port, error: 'no-such-host' };
    const stack = this.#families.of(ip);
    const caller = stack && this.#as(asking, stack.pods.family);
    if (!caller) return { ip, port, error: 'unreachable' };
    const { pods, hosts } = stack;
    if ((loopback && !ofHost) || !hosts.has(caller.node)) return this.#local(caller, ip, port);
    if (this.#straight(stack, caller, ip)) {
      const end = answer(pods.pod(caller.node, ip)!.sandbox, ip, port);
      if (end.error) return end;
      return ofHost ? { ...end, from: pods.sourceOf(caller.node, ip) } : caller === asking ? end : { ...end, from: caller.ip };
    }
    const journey = this.travel(caller, ip, { port, protocol });
    const { arrived, pod, error = 'timeout' } = journey;
    if (!arrived) return { ip, port, error };
    const to = pod ? undefined : this.#hosts.get(journey.ip);
    const itself = ofHost && to?.node === caller.node;
    const refused = itself ? undefined : to?.endpoint.refuses?.(journey.port, journey.from);
    if (refused) return { ip, port, error: refused === 'drop' ? 'timeout' : 'refused' };
    const end = answer(pod ? pod.sandbox : to?.endpoint, journey.ip, journey.port, loopback);
    // Whoever gets UDP that nobody waits for sends no answer of its own.
    if (!end.error || (end.error === 'refused' && protocol !== 'udp')) tell(journey, end.error ? 'refused' : 'some');
    return end.error ? { ...end, ip } : { ...end, from: journey.from };
  }

  #loopback(host: string): string {
    return host === '::1' || !this.#families.of('127.0.0.1') ? '::1' : '127.0.0.1';
  }

  /** The caller as it shows itself in another family; undefined when it has no address there. */
  #as(caller: Caller, family: Family): Caller | undefined {
    if (familyOf(caller.ip) === family) return caller;
    const ips = this.#hosts.has(caller.ip) ? this.#families.of(caller.ip)?.hosts.addresses(caller.node) : this.#families.addresses(caller.node, caller.ip);
    const ip = ips?.find((one) => familyOf(one) === family);
    return ip === undefined ? undefined : { ...caller, ip };
  }

  /** A pod that no rule, route or policy can keep apart from the caller: there is nothing to walk through. */
  #straight({ pods, hosts }: Stack, { node }: Caller, ip: string): boolean {
    const target = pods.plain && !this.#policies()?.active && hosts.isNode(node) ? pods.pod(node, ip) : undefined;
    if (!target) return false;
    if (target.node === node) return true;
    const port = pods.profile.tunnel?.port;
    return pods.connected(node, target.node) && (!port || pods.hosts.get(target.node)?.machine.admits?.(port) !== false);
  }

  /** The pod itself, or whatever has the address on a host that is no part of the network. */
  #local({ node }: Caller, ip: string, port: number): Dial {
    const target = this.#families.of(ip)?.pods.pod(node, ip);
    const host = this.#hosts.get(ip);
    const on = target?.node ?? host?.node;
    if (on === undefined || !this.#families.pods.connected(node, on)) return { ip, port, error: 'timeout' };
    return answer(target?.sandbox ?? host?.endpoint, ip, port);
  }

  ping(asking: Caller, ip: string, id: number): Echo {
    const stack = this.#families.of(ip);
    const caller = stack && this.#as(asking, stack.pods.family);
    if (!caller) return { error: 'unreachable' };
    if (ip === caller.ip || isLoopback(ip)) return { ttl: 64, cables: 0 };
    if (!stack.hosts.has(caller.node)) {
      const { error } = this.#local(caller, ip, 0);
      return error && error !== 'refused' ? { error } : { ttl: 64, cables: 1 };
    }
    const journey = this.travel(caller, ip, { protocol: stack.pods.family === 'IPv6' ? 'ipv6-icmp' : 'icmp', id });
    const endpoint = journey.pod?.sandbox ?? this.#hosts.get(journey.ip)?.endpoint;
    const echo = echoOf(journey, { pods: stack.pods, answers: endpoint !== undefined && endpoint.up !== false });
    if (!echo.error) tell(journey, 'some');
    return echo;
  }

  /** The way of a connection to an address, host by host; of an echo request with its `id`. */
  travel(caller: Caller, ip: string, { port = 0, protocol = 'tcp', id }: { port?: number; protocol?: Packet['protocol']; id?: number }): Journey {
    const stack = this.#families.of(ip);
    const from = isLoopback(ip) ? { ...caller, ip } : stack && this.#as(caller, stack.pods.family);
    if (!stack || !from) return { stages: [], ip, port, from: caller.ip, error: 'unreachable' };
    return travel(stack, from, { ip, port, protocol, sport: id ?? firstEphemeral + (this.#ephemeral++ % ephemeralPorts) });
  }

  /** True when something answers at `10.244.1.2:80`; to an echo request every address that has power does. */
  listens(at: string, node: string, protocol: Packet['protocol'] = 'tcp'): boolean {
    const [ip, port] = isIcmp(protocol) ? [at, 0] : splitPort(at);
    const { error } = answer(this.#families.of(ip)?.pods.pod(node, ip)?.sandbox ?? this.#hosts.get(ip)?.endpoint, ip, port);
    return error === undefined || (isIcmp(protocol) && error === 'refused');
  }

  /** The HTTP status that a host answers a GET with; undefined when it does not. */
  probe(ip: string, { port, path }: { port: number; path: string }): number | undefined {
    const end = answer(this.#hosts.get(ip)?.endpoint, ip, port);
    return end.error ? undefined : end.listener({ method: 'GET', path, host: ip, port, from: ip }).status;
  }
}

/** The answer went back through all hosts that the question came by. */
function tell({ stages }: Journey, how: 'some' | 'refused'): void {
  for (const { host, sent } of stages) host.conntrack?.answered(sent, how, host.now ?? 0);
}

const isLoopback = (host: string) => host === 'localhost' || host.startsWith('127.') || host === '::1';
const isAddress = (text: string) => text.includes(':') || /^\d+\.\d+\.\d+\.\d+$/.test(text);

function answer(endpoint: Endpoint | undefined, ip: string, port: number, local?: boolean): Dial {
  if (!endpoint || endpoint.up === false) return { ip, port, error: 'timeout' };
  const listener = endpoint.listener(port, local);
  return listener ? { ip, port, listener } : { ip, port, error: 'refused' };
}
