// What kube-proxy does in one of its modes. They are told apart here only: whoever runs a kube-proxy knows when, not what.
import type { Version } from '../../../api/index.ts';
import type { Random } from '../../../sim/index.ts';
import type { Tables } from '../../netfilter/tables.ts';
import type { NftRuleset } from '../../nftables/index.ts';
import type { IpvsState } from '../ipvs/proxier.ts';
import type { ServiceStore } from '../service-store.ts';
import type { ProxyConfig } from '../types.ts';
import type { UserspaceProxy } from '../userspace/proxier.ts';

export type ProxyMode = 'iptables' | 'ipvs' | 'nftables' | 'userspace';

/** The releases that have a mode. */
export const modeReleases: Readonly<Record<ProxyMode, { has(version: Version): boolean; said: string }>> = {
  iptables: { has: () => true, said: '' },
  ipvs: { has: () => true, said: '' },
  nftables: { has: (version) => version.has('proxy-nftables'), said: 'nftables 모드는 v1.29부터 있다' },
  userspace: { has: (version) => !version.has('proxy-no-userspace'), said: 'userspace 모드는 v1.25까지 있었다' },
};

/** The machine that a kube-proxy runs on, as it is now. */
export interface ModeHost {
  version: Version;
  config: ProxyConfig;
  store: Pick<ServiceStore, 'ports' | 'endpoints'>;
  random: Random;
  readonly tables: Tables;
  readonly nft: NftRuleset;
  readonly now: number;
}

export interface Mode {
  /** Brings the host up to date. `changed` names the ports that are not as they were; missing: everything is looked at. */
  sync(changed: readonly string[] | undefined): void;
  /** In ipvs mode: sets, virtual servers and addresses of kube-ipvs0. */
  readonly ipvs?: IpvsState | undefined;
  /** In userspace mode: the process that connections go through. */
  readonly userspace?: UserspaceProxy;
}
