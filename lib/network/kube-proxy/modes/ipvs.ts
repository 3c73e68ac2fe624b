import { ipvsFrame } from '../ipvs/filter-rules.ts';
import { type IpvsState, ipvsState } from '../ipvs/proxier.ts';
import type { EndpointsMap } from '../types.ts';
import type { Mode, ModeHost } from './mode.ts';

export function ipvsMode(host: ModeHost): Mode {
  let ipvs: IpvsState | undefined;
  const { version } = host;
  const { chains, jumps } = ipvsFrame(version);
  const [filters, categorized] = [version.has('proxy-ipvs-filters'), version.has('proxy-ext-chains')];
  return {
    get ipvs() {
      return ipvs;
    },
    sync() {
      const { tables, config, store } = host;
      const existing = new Set((['nat', 'filter'] as const).flatMap((table) => tables.chains(table).map(({ name }) => name)));
      if (!filters) tables.ensureChain('nat', 'KUBE-MARK-DROP');
      for (const { table, chain } of chains) tables.ensureChain(table, chain);
      for (const { table, from, rule } of jumps) tables.ensureRule(table, from, rule);
      ipvs = ipvsState(store.ports.values(), categorized ? store.endpoints : readyOnly(store.endpoints), config, { existing, filters, categorized });
      tables.apply(ipvs.document);
    },
  };
}

const readyOnly = (endpoints: EndpointsMap): EndpointsMap => new Map([...endpoints].map(([key, list]) => [key, list.filter(({ ready }) => ready)]));
