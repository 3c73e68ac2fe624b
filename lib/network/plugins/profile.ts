// What makes one network plug-in different from another. The engine (`pod-network.ts`) does the rest.

/** How packets between nodes are wrapped. */
export interface Tunnel {
  /** Interface on every node. */
  device: string;
  kind: 'vxlan' | 'ipip' | 'tun';
  /** UDP port that the other end listens on; IP-in-IP has none. */
  port?: number;
  /** VXLAN network identifier. */
  vni?: number;
  /** Bytes of headers. */
  overhead: number;
  /** `cross-subnet`: neighbours are reached without it. */
  when: 'always' | 'cross-subnet';
}

/** What a plug-in does with NetworkPolicies. */
export interface PolicySupport {
  /** What happens to a packet that no policy allows. */
  verdict: 'DROP' | 'REJECT';
  /** False: a policy that names a port is ignored as a whole. */
  namedPorts: boolean;
  /** The verdict is that of rules in the filter table. */
  rules?: true;
}

export interface Profile {
  readonly name: string;
  /** The CNI plug-in, as error messages call it. */
  readonly type: string;
  /** What it says before the reason of a failed ADD. */
  readonly failed?: string;
  /**
   * Where addresses come from: `node` – each node's spec.podCIDR; `blocks` – small blocks that nodes claim when they need one;
   * `ring` – peers that share out one range among themselves; `host` – every host the same range, as docker0 does.
   */
  readonly addresses: 'node' | 'blocks' | 'ring' | 'host';
  /** Bits of a block. */
  readonly blockBits?: number;
  /** Range of all pods, when the plug-in goes by one of its own rather than by the cluster's. */
  readonly range?: string;
  /** The bridge that pods hang on; without one each pod has a route of its own. */
  readonly bridge?: string;
  /** What the ends of pods on the host are called. */
  readonly veth: string;
  readonly tunnel?: Tunnel;
  /** Who wrote the routes, as `ip route` names it. */
  readonly proto?: string;
  /** Of pods' interfaces. */
  readonly mtu: number;
  readonly policy?: PolicySupport;
  /** Peers pass on what two others cannot send each other directly. */
  readonly relays?: true;
  /** What is different in IPv6; missing: it knows none, and pods get no IPv6 addresses. */
  readonly v6?: Partial<Omit<Profile, 'v6' | 'name' | 'type'>>;
  /** Who writes rules into the tables of the nodes; missing: nobody. */
  readonly rules?: 'flannel' | 'calico' | 'kube-router' | 'kubenet' | 'docker';
  /** The nodes know no way to each other's pods: the cloud's routers do, or nobody. */
  readonly routedBy?: 'cloud';
}

/** The plug-in as it is for one address family; undefined when it has nothing to do with it. */
export function inFamily(profile: Profile, family: 'IPv4' | 'IPv6'): Profile | undefined {
  if (family === 'IPv4') return profile;
  return profile.v6 && { ...profile, ...profile.v6 };
}

/** Hosts alone: no pod has an address. */
export const withoutPods = ({ name, type, veth }: Profile): Profile => ({ name, type, veth, addresses: 'node', mtu: 1500 });
