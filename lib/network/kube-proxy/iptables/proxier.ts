// kube-proxy in iptables mode: the rules of all Services on one node. Syncing again writes anew only what changed.
import type { Version } from '../../../api/index.ts';
import { sortedPorts } from '../changes.ts';
import { type EndpointsMap, portKey, type ProxyConfig, type ProxyEndpoint, type ServicePort } from '../types.ts';
import { iptablesDocument, type RestoreSection } from './document.ts';
import { extRules } from './ext-rules.ts';
import type { ServiceRules } from './rules.ts';
import { xlbRules } from './xlb-rules.ts';

/** Above this many endpoints the rules carry no comments. */
const largeCluster = 1000;

interface Written {
  port: ServicePort;
  endpoints: readonly ProxyEndpoint[];
  rules: ServiceRules;
}

export interface IptablesProxier {
  /** What goes to iptables-restore now. */
  sync(ports: Iterable<ServicePort>, endpoints: EndpointsMap): RestoreSection[];
}

const none: readonly ProxyEndpoint[] = [];

export function createIptablesProxier(version: Version, config: ProxyConfig): IptablesProxier {
  const generate = version.has('proxy-ext-chains') ? extRules : xlbRules;
  let written = new Map<string, Written>();
  let active: ReadonlySet<string> = new Set();
  let terse = false;

  function rulesOf(port: ServicePort, endpoints: readonly ProxyEndpoint[], wasTerse: boolean): Written {
    const old = written.get(portKey(port));
    if (old && old.port === port && old.endpoints === endpoints && wasTerse === terse) return old;
    return { port, endpoints, rules: generate(port, endpoints, { config, terse }) };
  }

  return {
    sync(ports, endpoints) {
      const sorted = sortedPorts(ports);
      const wasTerse = terse;
      terse = sorted.reduce((sum, port) => sum + (endpoints.get(portKey(port))?.length ?? 0), 0) > largeCluster;
      const next = new Map(sorted.map((port) => [portKey(port), rulesOf(port, endpoints.get(portKey(port)) ?? none, wasTerse)]));
      const services = [...next.values()].map(({ rules }) => rules);
      const chains = new Set(services.flatMap((rules) => rules.chains));
      const stale = [...active].filter((chain) => !chains.has(chain)).sort();
      written = next;
      active = chains;
      return iptablesDocument(services, { version, config, stale });
    },
  };
}
