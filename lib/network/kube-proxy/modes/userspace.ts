import { userspaceJumps } from '../userspace/rules.ts';
import { createUserspaceProxy } from '../userspace/proxier.ts';
import type { Mode, ModeHost } from './mode.ts';

export function userspaceMode(host: ModeHost): Mode {
  const userspace = createUserspaceProxy(host.config, host.random.fork('kube-proxy ports'));
  return {
    userspace,
    sync(changed) {
      const { tables, store } = host;
      if (!changed) {
        for (const { table, from, to, rule } of userspaceJumps) {
          tables.ensureChain(table, to);
          tables.ensureRule(table, from, rule);
        }
      }
      tables.apply(userspace.sync(store.ports, store.endpoints));
    },
  };
}
