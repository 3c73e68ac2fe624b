import { ipvsJumps } from '../iptables/jumps.ts';
import { type IpvsState, ipvsState } from '../ipvs/proxier.ts';
import { ipvsChains } from '../ipvs/rules.ts';
import type { EndpointsMap } from '../types.ts';
import type { Mode, ModeHost } from './mode.ts';

export function ipvsMode(host: ModeHost): Mode {
  let ipvs: IpvsState | undefined;
  return {
    get ipvs() {
      return ipvs;
    },
    sync() {
      const { tables, config, store } = host;
      const existing = new Set((['nat', 'filter'] as const).flatMap((table) => tables.chains(table).map(({ name }) => name)));
      tables.ensureChain('nat', 'KUBE-MARK-DROP');
      for (const { table, chain } of ipvsChains) tables.ensureChain(table, chain);
      for (const { table, from, rule } of ipvsJumps) tables.ensureRule(table, from, rule);
      ipvs = ipvsState(store.ports.values(), readyOnly(store.endpoints), config, { existing });
      tables.apply(ipvs.document);
    },
  };
}

export const readyOnly = (endpoints: EndpointsMap): EndpointsMap => new Map([...endpoints].map(([key, list]) => [key, list.filter(({ ready }) => ready)]));
