import type { ProxyConfig, ProxyEndpoint, ServicePort } from './types.ts';

export interface Categories {
  /** For traffic policy Cluster. */
  cluster: readonly ProxyEndpoint[];
  /** For traffic policy Local: those on this node. */
  local: readonly ProxyEndpoint[];
  /** Any of the two. */
  reachable: readonly ProxyEndpoint[];
  /** True when there is one that answers anywhere, if not for this node. */
  any: boolean;
}

/**
 * Which endpoints a node uses: ready ones; when there is none, those that still serve while they terminate (KEP-1669); of one
 * zone where all of them carry hints (KEP-2433).
 */
export function categorize(port: ServicePort, endpoints: readonly ProxyEndpoint[], config: ProxyConfig): Categories {
  const outside = port.nodePort !== 0 || port.externalIPs.length > 0 || port.loadBalancerIPs.length > 0;
  // Outside traffic from the node and its pods goes anywhere, whatever the policy says.
  const usesCluster = !port.internalLocal || outside;
  const usesLocal = port.internalLocal || (port.externalLocal && outside);
  const leaving = ({ serving, terminating }: ProxyEndpoint) => serving && terminating;
  const here = ({ node }: ProxyEndpoint) => node !== '' && node === config.hostname;

  const ready = endpoints.filter((endpoint) => endpoint.ready);
  const near = usesCluster ? inZone(ready, config.zone) : undefined;
  let cluster: readonly ProxyEndpoint[] = usesCluster ? (near ?? ready) : [];
  if (usesCluster && cluster.length === 0) cluster = endpoints.filter(leaving);
  if (!usesLocal) return { cluster, local: [], reachable: cluster, any: cluster.length > 0 };

  const any = cluster.length > 0 || endpoints.some((endpoint) => endpoint.ready || leaving(endpoint));
  const readyHere = ready.filter(here);
  const local = readyHere.length > 0 ? readyHere : endpoints.filter((endpoint) => here(endpoint) && leaving(endpoint));
  if (!usesCluster) return { cluster, local, reachable: local, any };
  const all = new Set([...cluster, ...local]);
  return { cluster, local, reachable: endpoints.filter((endpoint) => all.has(endpoint)), any };
}

/** Undefined where hints do not apply: the node has no zone, an endpoint no hint, or no endpoint is for this zone. */
function inZone(endpoints: readonly ProxyEndpoint[], zone: string | undefined): readonly ProxyEndpoint[] | undefined {
  if (!zone || !endpoints.every(({ zoneHints }) => zoneHints && zoneHints.length > 0)) return undefined;
  const near = endpoints.filter(({ zoneHints }) => zoneHints!.includes(zone));
  return near.length > 0 ? near : undefined;
}
