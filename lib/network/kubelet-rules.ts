import type { Version } from '../api/index.ts';
import type { Tables } from './netfilter/tables.ts';

const drop = '0x00008000';
const masquerade = '0x00004000';
/** IPv6 routes nothing to its localhost anyway. */
const localnet = '-A KUBE-FIREWALL -m comment --comment "block incoming localnet connections" --dst 127.0.0.0/8 ! --src 127.0.0.0/8 -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP';

/** The chains that the kubelet makes on its node: up to v1.26 those that mark packets for kube-proxy, then only what keeps localhost closed. */
export function addKubeletRules(tables: Tables, version: Version): void {
  const marks = !version.has('kubelet-leaves-iptables');
  for (const table of ['nat', 'filter'] as const) tables.ensureChain(table, 'KUBE-KUBELET-CANARY');
  if (!marks && tables.family === 'IPv6') return;
  const rules = [...(marks ? [marked] : []), ...(tables.family === 'IPv4' ? [localnet] : [])];
  tables.restore(`*filter\n:KUBE-FIREWALL -\n${rules.map((rule) => `${rule}\n`).join('')}COMMIT\n${marks ? nat : ''}`);
  for (const from of ['OUTPUT', 'INPUT']) tables.ensureRule('filter', from, '-j KUBE-FIREWALL');
  if (marks) tables.ensureRule('nat', 'POSTROUTING', '-m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING');
}

const marked = `-A KUBE-FIREWALL -m comment --comment "kubernetes firewall for dropping marked packets" -m mark --mark ${drop}/${drop} -j DROP`;

const nat = `*nat
:KUBE-MARK-DROP -
:KUBE-MARK-MASQ -
:KUBE-POSTROUTING -
-A KUBE-MARK-DROP -j MARK --or-mark ${drop}
-A KUBE-MARK-MASQ -j MARK --or-mark ${masquerade}
-A KUBE-POSTROUTING -m mark ! --mark ${masquerade}/${masquerade} -j RETURN
-A KUBE-POSTROUTING -j MARK --xor-mark ${masquerade}
-A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully
COMMIT
`;
