// flannel: packets that leave the range of pods get the node's address (`--ip-masq`), those of pods may be forwarded
// (pkg/trafficmngr/iptables; network/iptables.go in its older releases).
import type { Plan, PlanInput, PlannedRule } from './plan.ts';

const multicast = { IPv4: '224.0.0.0/4', IPv6: 'ff00::/8' } as const;

export function flannelPlan({ node, pods, version }: PlanInput): Plan {
  const { cidr, family } = pods;
  const others = multicast[family];
  const own = pods.addresses.ranges(node)[0];
  if (own === undefined) return { rules: [], chains: [], sets: [] };
  return version.has('flannel-chains') ? inChains(cidr, { own, others }) : inBuiltIns(cidr, { own, others, comment: version.has('flannel-comments') });
}

/** The rules themselves lie in POSTROUTING and FORWARD. */
function inBuiltIns(all: string, { own, others, comment }: { own: string; others: string; comment: boolean }): Plan {
  const said = (text: string) => (comment ? ` -m comment --comment "flanneld ${text}"` : '');
  const nat = [
    `-s ${all} -d ${all}${said('masq')} -j RETURN`,
    `-s ${all} ! -d ${others}${said('masq')} -j MASQUERADE --random-fully`,
    `! -s ${all} -d ${own}${said('masq')} -j RETURN`,
    `! -s ${all} -d ${all}${said('masq')} -j MASQUERADE --random-fully`,
  ];
  const filter = ['-s', '-d'].map((side) => `${side} ${all}${said('forward')} -j ACCEPT`);
  const last = (table: 'nat' | 'filter', chain: string) => (rule: string): PlannedRule => ({ table, chain, rule, place: 'last' });
  return { rules: [...nat.map(last('nat', 'POSTROUTING')), ...filter.map(last('filter', 'FORWARD'))], chains: [], sets: [] };
}

const masq = '-m comment --comment "flanneld masq"';
const forward = '-m comment --comment "flanneld forward"';

function inChains(all: string, { own, others }: { own: string; others: string }): Plan {
  const nat = [
    `-m mark --mark 0x4000/0x4000 ${masq} -j RETURN`,
    `-s ${own} -d ${all} ${masq} -j RETURN`,
    `-s ${all} -d ${own} ${masq} -j RETURN`,
    `! -s ${all} -d ${own} ${masq} -j RETURN`,
    `-s ${all} ! -d ${others} ${masq} -j MASQUERADE --random-fully`,
    `! -s ${all} -d ${all} ${masq} -j MASQUERADE --random-fully`,
  ];
  const filter = [`-s ${all} ${forward} -j ACCEPT`, `-d ${all} ${forward} -j ACCEPT`];
  return {
    rules: [
      { table: 'nat', chain: 'POSTROUTING', rule: `${masq} -j FLANNEL-POSTRTG`, place: 'last' },
      { table: 'filter', chain: 'FORWARD', rule: `${forward} -j FLANNEL-FWD`, place: 'last' },
    ],
    chains: [
      { table: 'nat', name: 'FLANNEL-POSTRTG', lines: nat.map((rule) => `-A FLANNEL-POSTRTG ${rule}`) },
      { table: 'filter', name: 'FLANNEL-FWD', lines: filter.map((rule) => `-A FLANNEL-FWD ${rule}`) },
    ],
    sets: [],
  };
}
