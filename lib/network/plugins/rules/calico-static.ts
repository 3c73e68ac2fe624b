// The chains that Calico has on every node (felix/rules/static.go, nat.go).
// Differs from Kubernetes: its rules in the tables raw and mangle, which do nothing without host endpoints, are left out.
import { hostAddresses, inputRules, ipvsChains, outputRules } from './calico-ipvs.ts';
import { setOf, type Plan, type PlanInput, type PlannedChain, type PlannedRule } from './plan.ts';
import { accept, type CalicoRule, clearMark, inFamily, isClear, isSet, pass, render, scratch, scratchOther, setMark } from './calico-render.ts';

const jump = (chain: string, match?: string): CalicoRule => ({ ...(match && { match }), action: `--jump ${chain}` });
const allow = (comment: string, match: string): CalicoRule => ({ match, action: '--jump ACCEPT', comments: [comment] });
const acceptedByHost = allow('Host endpoint policy accepted packet.', isSet(accept));
const allMarks = accept | pass | scratch | scratchOther;
const hosts = 'cali40all-hosts-net';
/** What an endpoint says to its router: neighbour discovery, and who listens to what. */
const discovery = [130, 131, 132, 133, 135, 136].map((type): CalicoRule => ({ match: `-p 58 -m icmp6 --icmpv6-type ${type}`, action: '--jump ACCEPT' }));
const none: readonly CalicoRule[] = [];

const failsafes = (ports: readonly string[]) => ports.map((one): CalicoRule => {
  const [protocol, port] = one.split(' ');
  return { match: `-p ${protocol} -m multiport --destination-ports ${port}`, action: '--jump ACCEPT' };
});
const both = ['tcp 179', 'tcp 2379', 'tcp 2380', 'tcp 5473', 'tcp 6443', 'tcp 6666', 'tcp 6667'];

/** Which of the chains a node has. */
interface Kind {
  ipip: boolean;
  six: boolean;
  ipvs: boolean;
}

const filterChains = ({ ipip, six, ipvs }: Kind): Readonly<Record<string, readonly CalicoRule[]>> => ({
  'cali-FORWARD': [
    { action: clearMark(allMarks & ~accept) },
    jump('cali-from-hep-forward', isClear(accept)),
    jump('cali-from-wl-dispatch', '--in-interface cali+'),
    jump('cali-to-wl-dispatch', '--out-interface cali+'),
    jump('cali-to-hep-forward'),
    jump('cali-cidr-block'),
  ],
  'cali-INPUT': [
    ...(ipip ? [allow('Allow IPIP packets from Calico hosts', `-p 4 -m set --match-set ${hosts} src -m addrtype --dst-type LOCAL`), { match: '-p 4', action: '--jump DROP', comments: ['Drop IPIP packets from non-Calico hosts'] }] : []),
    ...(ipvs ? inputRules : []),
    { match: '--in-interface cali+', action: '--goto cali-wl-to-host' },
    jump('ACCEPT', isSet(accept)),
    { action: clearMark(allMarks) },
    jump('cali-from-host-endpoint'),
    acceptedByHost,
  ],
  'cali-OUTPUT': [
    jump('ACCEPT', isSet(accept)),
    ...(ipvs ? outputRules : []),
    jump('RETURN', '--out-interface cali+'),
    ...(ipip ? [allow('Allow IPIP packets to other Calico hosts', `-p 4 -m set --match-set ${hosts} dst -m addrtype --src-type LOCAL`)] : []),
    { action: clearMark(allMarks) },
    jump('cali-to-host-endpoint', '-m conntrack ! --ctstate DNAT'),
    acceptedByHost,
  ],
  'cali-wl-to-host': [...(six ? discovery : []), jump('cali-from-wl-dispatch'), { action: '--jump ACCEPT', comments: ['Configured DefaultEndpointToHostAction'] }],
  'cali-failsafe-in': failsafes(['tcp 22', 'udp 68', ...both]),
  'cali-failsafe-out': failsafes(['udp 53', 'udp 67', ...both]),
  'cali-cidr-block': none,
  'cali-from-hep-forward': none,
  'cali-to-hep-forward': none,
  'cali-from-host-endpoint': none,
  'cali-to-host-endpoint': none,
  ...(ipvs && ipvsChains(six)),
});

const natChains = ({ ipip, six }: Kind): Readonly<Record<string, readonly CalicoRule[]>> => ({
  'cali-PREROUTING': [jump('cali-fip-dnat')],
  'cali-OUTPUT': [jump('cali-fip-dnat')],
  'cali-POSTROUTING': [
    jump('cali-fip-snat'),
    jump('cali-nat-outgoing'),
    ...(ipip ? [{ match: '--out-interface tunl0 -m addrtype ! --src-type LOCAL --limit-iface-out -m addrtype --src-type LOCAL', action: '--jump MASQUERADE --random-fully' }] : []),
  ],
  'cali-nat-outgoing': [{ match: `-m set --match-set ${inFamily('cali40masq-ipam-pools', six)} src -m set ! --match-set ${inFamily('cali40all-ipam-pools', six)} dst`, action: '--jump MASQUERADE --random-fully' }],
  'cali-fip-dnat': none,
  'cali-fip-snat': none,
});

function leading(table: 'nat' | 'filter', chain: string): PlannedRule {
  const [line = ''] = render(chain, [jump(`cali-${chain}`)]);
  return { table, chain, rule: line.replace(`-A ${chain} `, ''), place: 'first' };
}

function behindAll(): PlannedRule[] {
  const rules = [allow('Policy explicitly accepted packet.', isSet(accept)), { action: setMark(accept) }];
  return render('FORWARD', rules, 'FORWARD*appends*').map((line) => ({ table: 'filter', chain: 'FORWARD', rule: line.replace('-A FORWARD ', ''), place: 'last' }));
}

/** They never change: made once for each kind. */
const made = new Map<string, readonly PlannedChain[]>();

function fixed(table: 'nat' | 'filter', kind: Kind): readonly PlannedChain[] {
  const key = `${table} ${kind.ipip} ${kind.six} ${kind.ipvs}`;
  let chains = made.get(key);
  if (!chains) made.set(key, (chains = chainsOf(table, table === 'nat' ? natChains(kind) : filterChains(kind))));
  return chains;
}

const chainsOf = (table: 'nat' | 'filter', chains: Readonly<Record<string, readonly CalicoRule[]>>): PlannedChain[] => Object.entries(chains).map(([name, rules]) => ({ table, name, lines: render(name, rules) }));

/** `policed`: with the chains of the filter table, which need those of the pods. */
export function calicoStatic(input: PlanInput, policed: boolean): Plan {
  const { pods, ipvs = false } = input;
  const ipip = pods.profile.tunnel?.kind === 'ipip';
  const six = pods.family === 'IPv6';
  const kind = { ipip, six, ipvs };
  const sets = [
    setOf(inFamily('cali40all-ipam-pools', six), 'hash:net', [pods.cidr]),
    setOf(inFamily('cali40masq-ipam-pools', six), 'hash:net', [pods.cidr]),
    ...(policed && ipip ? [setOf(hosts, 'hash:net', [...pods.hosts.values()].map(({ ip }) => ip))] : []),
    ...(policed && ipvs ? [hostAddresses(input)] : []),
  ];
  return {
    rules: [...['PREROUTING', 'OUTPUT', 'POSTROUTING'].map((chain) => leading('nat', chain)), ...(policed ? [...['INPUT', 'FORWARD', 'OUTPUT'].map((chain) => leading('filter', chain)), ...behindAll()] : [])],
    chains: [...fixed('nat', kind), ...(policed ? fixed('filter', kind) : [])],
    sets,
  };
}
