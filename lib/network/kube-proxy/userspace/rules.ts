// The iptables rules of userspace mode: they lead packets no further than to kube-proxy itself, on a port that it opened.
import type { Jump } from '../iptables/jumps.ts';
import type { RestoreUnit } from '../iptables/document.ts';
import { single } from '../addresses.ts';
import type { ServicePort } from '../types.ts';

const portals = 'handle ClusterIPs; NOTE: this must be before the NodePort rules';
const nodePorts = 'handle service NodePorts; NOTE: this must be the last rule in the chain';

const jump = (table: Jump['table'], from: string, to: string, match: string): Jump => ({ table, from, to, rule: `${match} -j ${to}` });
const commented = (text: string) => `-m comment --comment "${text}"`;

/** In the order in which they are made: each goes in front of those before. */
export const userspaceJumps: readonly Jump[] = [
  jump('nat', 'PREROUTING', 'KUBE-NODEPORT-CONTAINER', `-m addrtype --dst-type LOCAL ${commented(nodePorts)}`),
  jump('nat', 'OUTPUT', 'KUBE-NODEPORT-HOST', `-m addrtype --dst-type LOCAL ${commented(nodePorts)}`),
  jump('nat', 'PREROUTING', 'KUBE-PORTALS-CONTAINER', commented(portals)),
  jump('nat', 'OUTPUT', 'KUBE-PORTALS-HOST', commented(portals)),
  jump('filter', 'INPUT', 'KUBE-NODEPORT-NON-LOCAL', commented('Ensure that non-local NodePort traffic can flow')),
];

/** Comes before the lines of all Services. */
export const userspaceHead: Readonly<Record<'nat' | 'filter', RestoreUnit>> = {
  nat: { chains: ['KUBE-PORTALS-CONTAINER', 'KUBE-PORTALS-HOST', 'KUBE-NODEPORT-CONTAINER', 'KUBE-NODEPORT-HOST'], rules: [] },
  filter: { chains: ['KUBE-NODEPORT-NON-LOCAL'], rules: [] },
};

/** The lines of one Service port whose connections kube-proxy takes on `proxyPort`. */
export function userspaceRules(port: ServicePort, { proxyPort, nodeIP }: { proxyPort: number; nodeIP: string }): { nat: RestoreUnit; filter: RestoreUnit } {
  const protocol = port.protocol.toLowerCase();
  const match = (number: number, ip?: string) => `-m comment --comment ${port.name} -p ${protocol} -m ${protocol} --dport ${number}${ip ? ` -d ${single(ip)}` : ''}`;
  // From the host itself a REDIRECT would lead to localhost, and the answer would come from elsewhere.
  const [redirect, translate] = [`-j REDIRECT --to-ports ${proxyPort}`, `-j DNAT --to-destination ${nodeIP}:${proxyPort}`];
  const portal = (ip: string) => [`-A KUBE-PORTALS-CONTAINER ${match(port.port, ip)} ${redirect}`, `-A KUBE-PORTALS-HOST ${match(port.port, ip)} ${translate}`];
  const external = (ip: string) => [
    `-A KUBE-PORTALS-CONTAINER ${match(port.port, ip)} -m physdev ! --physdev-is-in ${redirect}`,
    `-A KUBE-PORTALS-CONTAINER ${match(port.port, ip)} -m addrtype --dst-type LOCAL ${redirect}`,
    `-A KUBE-PORTALS-HOST ${match(port.port, ip)} -m addrtype --dst-type LOCAL ${translate}`,
  ];
  const node = port.nodePort ? [`-A KUBE-NODEPORT-CONTAINER ${match(port.nodePort)} ${redirect}`, `-A KUBE-NODEPORT-HOST ${match(port.nodePort)} ${translate}`] : [];
  return {
    nat: { chains: [], rules: [...portal(port.clusterIP), ...port.externalIPs.flatMap(external), ...port.loadBalancerIPs.flatMap(portal), ...node] },
    filter: { chains: [], rules: port.nodePort ? [`-A KUBE-NODEPORT-NON-LOCAL ${match(proxyPort)} -m state --state NEW -j ACCEPT`] : [] },
  };
}
