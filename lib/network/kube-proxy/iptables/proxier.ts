// kube-proxy in iptables mode: the rules of all Services on one node. Syncing again writes anew only what changed.
import type { Version } from '../../../api/index.ts';
import { sortedPorts } from '../changes.ts';
import type { EndpointsMap, ProxyConfig, ProxyEndpoint, ServicePort } from '../types.ts';
import { iptablesDocument, type RestoreSection } from './document.ts';
import { extRules } from './ext-rules.ts';
import type { ServiceRules } from './rules.ts';
import { xlbRules } from './xlb-rules.ts';

/** Above this many endpoints the rules carry no comments. */
const largeCluster = 1000;

interface Written {
  port: ServicePort;
  endpoints: readonly ProxyEndpoint[];
  terse: boolean;
  rules: ServiceRules;
}

export interface IptablesProxier {
  /** What goes to iptables-restore now. `changed` names all ports that are not as they were at the last sync; without it each is looked at. */
  sync(ports: ReadonlyMap<string, ServicePort>, endpoints: EndpointsMap, changed?: Iterable<string>): RestoreSection[];
}

const none: readonly ProxyEndpoint[] = [];

export function createIptablesProxier(version: Version, config: ProxyConfig): IptablesProxier {
  const generate = version.has('proxy-ext-chains') ? extRules : xlbRules;
  let written = new Map<string, Written>();

  let total = 0;
  let terse = false;

  function rulesOf(port: ServicePort, endpoints: readonly ProxyEndpoint[]): Written {
    const old = written.get(port.key);
    if (old && old.port === port && old.endpoints === endpoints && old.terse === terse) return old;
    return { port, endpoints, terse, rules: generate(port, endpoints, { config, terse }) };
  }

  /** Every port is looked at. */
  function anew(ports: Iterable<ServicePort>, endpoints: EndpointsMap): string[] {
    const sorted = sortedPorts(ports);
    total = sorted.reduce((sum, { key }) => sum + (endpoints.get(key)?.length ?? 0), 0);
    terse = total > largeCluster;
    const next = new Map(sorted.map((port) => [port.key, rulesOf(port, endpoints.get(port.key) ?? none)]));
    const stale = [...written].flatMap(([key, old]) => staleChains(old, next.get(key)));
    written = next;
    return stale.sort();
  }

  /** Only those ports are looked at; undefined when that is not enough. */
  function again(ports: ReadonlyMap<string, ServicePort>, endpoints: EndpointsMap, changed: Iterable<string>): string[] | undefined {
    const stale: string[] = [];
    for (const key of changed) {
      const [port, old] = [ports.get(key), written.get(key)];
      if (!port || !old) return undefined;
      const now = rulesOf(port, endpoints.get(key) ?? none);
      total += now.endpoints.length - old.endpoints.length;
      stale.push(...staleChains(old, now));
      written.set(key, now);
    }
    return total > largeCluster === terse ? stale.sort() : undefined;
  }

  return {
    sync(ports, endpoints, changed) {
      const before = new Map(changed && written.size > 0 ? [...changed].flatMap((key) => (written.has(key) ? [[key, written.get(key)!] as const] : [])) : []);
      let stale = before.size > 0 ? again(ports, endpoints, changed!) : undefined;
      if (!stale) {
        // What was done half is done again from where it began.
        for (const [key, old] of before) written.set(key, old);
        stale = anew(ports.values(), endpoints);
      }
      return iptablesDocument([...written.values()].map(({ rules }) => rules), { version, config, stale });
    },
  };
}

/** Chains of what was written before and is not any longer. The chains of a Service port are its own. */
function staleChains(old: Written, now: Written | undefined): string[] {
  if (now === old) return [];
  const kept = new Set(now?.rules.nat.chains);
  return [...new Set(old.rules.nat.chains)].filter((chain) => !kept.has(chain));
}
