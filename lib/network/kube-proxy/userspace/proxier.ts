// kube-proxy in userspace mode, as it was up to v1.25: it listens on a port for each Service, takes the connections itself and
// opens another to an endpoint. One that does not answer is not the end: it tries the next.
// Differs from Kubernetes: trying takes no time (250 ms, 500 ms, 1 s, 2 s there).
import type { Random } from '../../../sim/index.ts';
import type { RestoreSection } from '../iptables/document.ts';
import { sortedPorts } from '../changes.ts';
import type { EndpointsMap, ProxyConfig, ProxyEndpoint, ServicePort } from '../types.ts';
import { RoundRobin } from './round-robin.ts';
import { userspaceHead, userspaceRules } from './rules.ts';

export interface Attempt {
  endpoint: string;
  /** Why it came to nothing. */
  error?: string;
}

export interface UserspaceProxy {
  /** What the tables have to say now. */
  sync(ports: ReadonlyMap<string, ServicePort>, endpoints: EndpointsMap): RestoreSection[];
  /** The Service port whose connections come in on a port of the node. */
  portAt(proxyPort: number, protocol: string): ServicePort | undefined;
  /** Tries endpoints until one takes the connection; `dial` says why one does not. The last attempt without an error is where it went. */
  connect(port: ServicePort, client: string, options: { now: number; dial(endpoint: string): string | undefined }): Attempt[];
}

/** How often it tries: once for each of its timeouts. */
const tries = 4;
/** Ports that the kernel gives to whoever does not ask for one. */
const [firstPort, portCount] = [32_768, 28_232];

interface Open {
  port: ServicePort;
  proxyPort: number;
  endpoints: readonly ProxyEndpoint[];
  balancer: RoundRobin;
  rules: ReturnType<typeof userspaceRules>;
}

const none: readonly ProxyEndpoint[] = [];

export function createUserspaceProxy({ nodeIP }: ProxyConfig, random: Random): UserspaceProxy {
  let open = new Map<string, Open>();
  const byProxyPort = new Map<string, Open>();
  const keyOf = (proxyPort: number, protocol: string) => `${proxyPort}/${protocol.toUpperCase()}`;

  function freePort(protocol: string): number {
    let port = firstPort + random.int(portCount);
    while (byProxyPort.has(keyOf(port, protocol))) port = firstPort + random.int(portCount);
    return port;
  }

  function opened(port: ServicePort, endpoints: readonly ProxyEndpoint[]): Open {
    const old = open.get(port.key);
    if (old?.port === port && old.endpoints === endpoints) return old;
    const balancer = old?.balancer ?? new RoundRobin();
    balancer.use(endpoints.filter(({ ready }) => ready), random);
    if (old && sameSettings(old.port, port)) return Object.assign(old, { port, endpoints });
    if (old) byProxyPort.delete(keyOf(old.proxyPort, port.protocol));
    const proxyPort = freePort(port.protocol);
    const now: Open = { port, proxyPort, endpoints, balancer, rules: userspaceRules(port, { proxyPort, nodeIP }) };
    byProxyPort.set(keyOf(proxyPort, port.protocol), now);
    return now;
  }

  return {
    sync(ports, endpoints) {
      for (const [key, { proxyPort, port }] of open) if (!ports.has(key)) byProxyPort.delete(keyOf(proxyPort, port.protocol));
      // SCTP is none of its business.
      const sorted = sortedPorts(ports.values()).filter(({ protocol }) => protocol !== 'SCTP');
      open = new Map(sorted.map((port) => [port.key, opened(port, endpoints.get(port.key) ?? none)]));
      const section = (table: 'nat' | 'filter'): RestoreSection => ({ table, units: [userspaceHead[table], ...[...open.values()].map(({ rules }) => rules[table])] });
      return [section('nat'), section('filter')];
    },
    portAt: (proxyPort, protocol) => byProxyPort.get(keyOf(proxyPort, protocol))?.port,
    connect(port, client, { now, dial }) {
      const attempts: Attempt[] = [];
      const { balancer } = open.get(port.key)!;
      for (let i = 0; i < tries; i++) {
        const endpoint = balancer.next(port, client, { now, anew: i > 0 });
        if (endpoint === undefined) return attempts;
        const error = dial(endpoint);
        attempts.push({ endpoint, ...(error && { error }) });
        if (!error) return attempts;
      }
      return attempts;
    },
  };
}

/** What makes kube-proxy close its port and open another. */
function sameSettings(a: ServicePort, b: ServicePort): boolean {
  const text = ({ port, nodePort, clusterIP, externalIPs, loadBalancerIPs, affinity }: ServicePort) => [port, nodePort, clusterIP, externalIPs, loadBalancerIPs, affinity === undefined].join(' ');
  return text(a) === text(b);
}
