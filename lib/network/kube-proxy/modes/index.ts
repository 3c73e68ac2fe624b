import { ipvsMode } from './ipvs.ts';
import { iptablesMode } from './iptables.ts';
import type { Mode, ModeHost, ProxyMode } from './mode.ts';
import { nftablesMode } from './nftables.ts';
import { userspaceMode } from './userspace.ts';

export { type Mode, type ModeHost, modeReleases, type ProxyMode } from './mode.ts';

export const modes: Readonly<Record<ProxyMode, (host: ModeHost) => Mode>> = { iptables: iptablesMode, ipvs: ipvsMode, nftables: nftablesMode, userspace: userspaceMode };
