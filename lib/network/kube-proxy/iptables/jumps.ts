// How packets come from the kernel's own chains into kube-proxy's.
import type { Version } from '../../../api/index.ts';

export interface Jump {
  table: 'filter' | 'nat';
  from: string;
  to: string;
  /** The rule without `-A from`. */
  rule: string;
}

const isNew = '-m conntrack --ctstate NEW ';
const jump = (table: Jump['table'], from: string, to: string, { comment, match = '' }: { comment: string; match?: string }): Jump => ({
  table,
  from,
  to,
  rule: `${match}${comment && `-m comment --comment "${comment}" `}-j ${to}`,
});

const portals = 'kubernetes service portals';
const outside = 'kubernetes externally-visible service portals';
const firewall = 'kubernetes load balancer firewall';

/** In the order in which they are made: each goes in front of those before. */
export function iptablesJumps(version: Version): Jump[] {
  const ext = version.has('proxy-ext-chains');
  return [
    jump('filter', 'INPUT', 'KUBE-EXTERNAL-SERVICES', { comment: outside, match: isNew }),
    jump('filter', 'FORWARD', 'KUBE-EXTERNAL-SERVICES', { comment: outside, match: isNew }),
    ...(ext ? [jump('filter', 'INPUT', 'KUBE-NODEPORTS', { comment: 'kubernetes health check service ports' })] : []),
    jump('filter', 'FORWARD', 'KUBE-SERVICES', { comment: portals, match: isNew }),
    jump('filter', 'OUTPUT', 'KUBE-SERVICES', { comment: portals, match: isNew }),
    jump('filter', 'FORWARD', 'KUBE-FORWARD', { comment: 'kubernetes forwarding rules' }),
    ...(ext ? ['INPUT', 'OUTPUT', 'FORWARD'].map((from) => jump('filter', from, 'KUBE-PROXY-FIREWALL', { comment: firewall, match: isNew })) : []),
    ...natJumps,
    ...(ext ? ['INPUT', 'OUTPUT'].map((from) => jump('filter', from, 'KUBE-FIREWALL', { comment: '' })) : []),
  ];
}

const natJumps = [
  jump('nat', 'OUTPUT', 'KUBE-SERVICES', { comment: portals }),
  jump('nat', 'PREROUTING', 'KUBE-SERVICES', { comment: portals }),
  jump('nat', 'POSTROUTING', 'KUBE-POSTROUTING', { comment: 'kubernetes postrouting rules' }),
];

export const filterJump = (from: string, to: string, comment: string): Jump => jump('filter', from, to, { comment });

export const ipvsJumps: readonly Jump[] = [...natJumps, jump('filter', 'FORWARD', 'KUBE-FORWARD', { comment: 'kubernetes forwarding rules' })];
