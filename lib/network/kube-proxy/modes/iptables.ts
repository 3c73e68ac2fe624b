import { iptablesJumps } from '../iptables/jumps.ts';
import { createIptablesProxier } from '../iptables/proxier.ts';
import type { Mode, ModeHost } from './mode.ts';

export function iptablesMode(host: ModeHost): Mode {
  const { version, store } = host;
  const proxier = createIptablesProxier(version, host.config);
  return {
    sync(changed) {
      const { tables } = host;
      if (!changed) {
        for (const table of ['nat', 'filter'] as const) tables.ensureChain(table, 'KUBE-PROXY-CANARY');
        for (const { table, from, to, rule } of iptablesJumps(version)) {
          tables.ensureChain(table, to);
          tables.ensureRule(table, from, rule);
        }
        if (!version.has('proxy-ext-chains')) tables.ensureChain('nat', 'KUBE-MARK-DROP');
      }
      tables.apply(proxier.sync(store.ports, store.endpoints, changed));
    },
  };
}
