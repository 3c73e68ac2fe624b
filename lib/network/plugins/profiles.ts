// The plug-ins, one short entry each. Sources: their own documentation and manifests, named beside each.
// Differs from Kubernetes: over Romana and Weave Net what leaves the range of pods keeps its sender, and
// policies are judged here, not by chains in the filter table; kube-router, which names a tunnel for each peer, has one, and none in
// IPv6; what a plug-in learned only in later releases (IPv6) it knows in every release.
import type { Profile } from './profile.ts';

/** docs/backends.md of flannel: VXLAN is the default, UDP "for debugging only", host-gw needs neighbours. Of IPv6 UDP knows nothing. */
const flannel = { type: 'flannel', failed: 'failed to delegate add: ', addresses: 'node', bridge: 'cni0', veth: 'veth', rules: 'flannel' } as const;
const calico6 = { blockBits: 122, tunnel: undefined, mtu: 1500, failed: 'failed to request IPv6 addresses: ', policy: { verdict: 'DROP', namedPorts: true, rules: true } } as const;
/** Calico's manifest: IP-in-IP always, blocks of 64 addresses, a route for each pod. There is no IP-in-IP for IPv6: its pools are only routed. */
const calico = { type: 'calico', failed: 'failed to request IPv4 addresses: ', addresses: 'blocks', blockBits: 26, veth: 'cali', proto: 'bird', rules: 'calico', v6: calico6, policy: { verdict: 'DROP', namedPorts: true, rules: true } } as const;
const ipip = { device: 'tunl0', kind: 'ipip', overhead: 20 } as const;

export const profiles: readonly Profile[] = [
  { ...flannel, name: 'flannel', tunnel: { device: 'flannel.1', kind: 'vxlan', port: 8472, vni: 1, overhead: 50, when: 'always' }, mtu: 1450, v6: { tunnel: { device: 'flannel-v6.1', kind: 'vxlan', port: 8472, vni: 1, overhead: 70, when: 'always' }, mtu: 1430 } },
  { ...flannel, name: 'flannel-udp', tunnel: { device: 'flannel0', kind: 'tun', port: 8285, overhead: 28, when: 'always' }, mtu: 1472 },
  { ...flannel, name: 'flannel-host-gw', mtu: 1500, v6: {} },
  { ...calico, name: 'calico', tunnel: { ...ipip, when: 'always' }, mtu: 1480 },
  { ...calico, name: 'calico-cross-subnet', tunnel: { ...ipip, when: 'cross-subnet' }, mtu: 1480 },
  { ...calico, name: 'calico-bgp', mtu: 1500 },
  // kube-router: BGP between the nodes; IP-in-IP only where a router stands between them.
  { name: 'kube-router', type: 'bridge', addresses: 'node', bridge: 'kube-bridge', veth: 'veth', proto: '17', tunnel: { device: 'tunl0', kind: 'ipip', overhead: 20, when: 'cross-subnet' }, mtu: 1480, rules: 'kube-router', v6: { tunnel: undefined, mtu: 1500 }, policy: { verdict: 'REJECT', namedPorts: true, rules: true } },
  // Romana: no overlay; blocks, whose routes are fewer than the pods. IPv4 only, as Weave Net is and Docker unless told otherwise.
  { name: 'romana', type: 'romana', addresses: 'blocks', blockBits: 28, veth: 'romana', proto: 'static', mtu: 1500, policy: { verdict: 'DROP', namedPorts: false } },
  // Weave Net: one range, shared out by the peers themselves; one wide bridge. weave-npc rejects policies with named ports.
  { name: 'weave', type: 'weave-net', failed: 'unable to allocate IP address: ', addresses: 'ring', range: '10.32.0.0/12', bridge: 'weave', veth: 'vethwe', tunnel: { device: 'vxlan-6784', kind: 'vxlan', port: 6784, overhead: 50, when: 'always' }, mtu: 1376, policy: { verdict: 'DROP', namedPorts: false }, relays: true },
  // kubenet (pkg/kubelet/dockershim/network/kubenet): a bridge on each node, and nothing between the nodes.
  { name: 'kubenet', type: 'bridge', addresses: 'node', bridge: 'cbr0', veth: 'veth', mtu: 1500, rules: 'kubenet', routedBy: 'cloud' },
  // What Docker alone does: the same range behind every host.
  { name: 'docker', type: 'bridge', addresses: 'host', range: '172.17.0.0/16', bridge: 'docker0', veth: 'veth', mtu: 1500, rules: 'docker' },
];

export type NetworkName = 'flannel' | 'flannel-udp' | 'flannel-host-gw' | 'calico' | 'calico-cross-subnet' | 'calico-bgp' | 'kube-router' | 'romana' | 'weave' | 'kubenet' | 'docker';

export const networkNames = profiles.map(({ name }) => name) as readonly NetworkName[];

/** Throws for a name that is none. */
export function profileOf(name: string): Profile {
  const profile = profiles.find((one) => one.name === name);
  if (!profile) throw new RangeError(`'${name}' 네트워크는 없다. 있는 것: ${networkNames.join(', ')}, none`);
  return profile;
}
