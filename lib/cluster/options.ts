// What `createCluster` can be told.
import { bytes, type CertificateAuthority, type TokenSigner, type Version } from '../api/index.ts';
import type { Snapshot } from '../etcd/index.ts';
import { modeReleases, type NetworkName, type ProxyMode } from '../network/index.ts';
import type { Random } from '../sim/index.ts';
import type { CloudOptions } from './cloud/cloud.ts';
import { firstMachines, type NodeGroupOptions } from './cloud/groups.ts';
import type { ControllerFactory } from './controller-manager.ts';
import type { Family } from './ranges.ts';

/** One worker. Whatever is missing: 4 CPUs, 8Gi, 110 pods. */
export interface NodeOptions {
  name?: string;
  /**
   * Default: the next one in 10.0.0.0/16 (fd00:10::/64). Of both families with a comma between. Between machines of different /16
   * (/64) stands a router, which knows nothing of pods.
   */
  ip?: string;
  cpus?: number;
  /** A quantity (`8Gi`) or bytes. */
  memory?: string | number;
  /** How many pods its kubelet takes. */
  pods?: number;
  labels?: Record<string, string>;
  taints?: { key: string; value?: string; effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute' }[];
}

export interface ClusterOptions {
  /** How many workers (`worker-1` …), or each worker's own options. Default 2; none beside the groups of a cloud. */
  nodes?: number | NodeOptions[];
  /**
   * How many machines carry the control plane. Default 1 (`control-plane`); with more they are `control-plane-1` …, a machine `lb` stands
   * before their API servers, and kube-scheduler and kube-controller-manager elect a leader by a Lease.
   */
  controlPlanes?: number;
  /**
   * Where etcd runs. Default `stacked`: a member on each machine of the control plane. A number: so many machines of its own,
   * `etcd-1` …, whose members all API servers ask.
   */
  etcdMembers?: 'stacked' | number;
  /** The Kubernetes release: `v1.20` or `v1.33` (default). */
  version?: string;
  /** The first moment, in milliseconds since 1970. Default 2026-01-01T00:00:00Z; a served cluster begins now. */
  start?: number;
  /**
   * What etcd holds when the cluster starts; nothing when missing. With objects in it everything starts as after a power cut: the
   * machines have been off. Give it a seed of its own, so that uids are not drawn a second time.
   */
  etcd?: Snapshot;
  /** Decides names, uids, addresses, delays and the order of what happens at one instant. Default 1. */
  seed?: number | string;
  /** False leaves the control plane's machine out of `kubectl get nodes`, as managed clouds do. Default true. */
  controlPlaneNode?: boolean;
  /** False: nobody runs pods; a test or a learner's own kubelet writes their status. */
  kubelets?: boolean;
  /** False: no scheduler. */
  scheduler?: boolean;
  /** False: no controllers; a table replaces (or, with false, leaves out) single ones. */
  controllers?: false | Record<string, ControllerFactory | false>;
  /**
   * The machines are rented from a cloud: kubelets wait for a cloud-controller-manager to complete their nodes, Services of type
   * LoadBalancer get a balancer, and a machine `laptop` stands outside. Default false: machines of one's own.
   */
  cloud?: boolean | CloudOptions;
  /**
   * Snapshots of volumes are defined from the beginning, as after `kubectl apply` of the definitions of external-snapshotter. Whenever
   * they are defined, a snapshot-controller runs; volumes of classes with the provisioner `hostpath.csi.k8s.io` can be photographed.
   */
  snapshots?: boolean;
  /**
   * VerticalPodAutoscalers are defined from the beginning. Whenever they are defined, vpa-recommender, vpa-updater and
   * vpa-admission-controller run; they read metrics.k8s.io, which somebody has to serve (metrics-server).
   */
  verticalPodAutoscaler?: boolean;
  /**
   * `--enable-aggregator-routing` of kube-apiserver: it reaches the pods behind an APIService straight, for machines of the control
   * plane that have no kube-proxy. Default false: through the Service's cluster IP.
   */
  aggregatorRouting?: boolean;
  /** Milliseconds that a node needs to pull an image; by default its size over the machine's bandwidth. */
  pullDuration?: (image: string, node: string, random: Random) => number;
  /**
   * False: components write every event. By default they do as client-go: of events that differ in their message only,
   * the tenth and later ones within ten minutes become one, and an object may have 25 in a burst.
   */
  eventLimits?: boolean;
  /** What signs for the cluster. Default: a stand-in for the certificate, and a key drawn from the seed. */
  pki?: {
    /** The authority's certificate, PEM: pods find it beside their token. */
    rootCA: string;
    /** Default: a key drawn from the seed. */
    tokenSigner?: TokenSigner;
    /** Default: certificates are words that stand in their place. */
    certificates?: CertificateAuthority;
  };
  /** Range of cluster IPs. Default `10.96.0.0/16`, `fd00:10:96::/112` where pods have IPv6 addresses; both with a comma between where they have both. */
  serviceCIDR?: string;
  /**
   * Range of pod IPs; each node gets a /24 of it. Default `10.244.0.0/16`, `10.128.0.0/9` from 256 nodes on. A range of IPv6
   * (`fd00:10:244::/56`, each node a /64) makes an IPv6 cluster, both with a comma between a dual-stack one (since v1.21).
   */
  podCIDR?: string;
  /**
   * The network plug-in. Default `flannel` (VXLAN). Only Calico, kube-router, Romana and Weave Net enforce NetworkPolicies; `kubenet`
   * is a bridge on each node and the routes of a cloud between them; `docker` is what Docker does alone, every host the same addresses;
   * `none`: nobody has installed one, and nodes stay NotReady.
   */
  network?: NetworkName | 'none';
  /**
   * CoreDNS as kubeadm installs it: two pods in kube-system behind the Service kube-dns. Default false: names are answered at the
   * same address without them.
   */
  coreDNS?: boolean;
  /**
   * How kube-proxy leads packets to Services: with rules of iptables (default) or of nftables (since v1.29), with the kernel's load
   * balancer, or, up to v1.25, itself. Throws a RangeError where the release has no such mode.
   */
  proxyMode?: 'iptables' | 'ipvs' | 'nftables' | 'userspace';
}

export interface PlannedMachine {
  name: string;
  /** Of each family of the cluster, the first one first. */
  ips: readonly string[];
  /** The first of them. */
  ip: string;
  cpus: number;
  /** Bytes. */
  memory: number;
  options: NodeOptions;
  controlPlane: boolean;
}

/** How kube-proxy works; a release has not all modes. */
export function proxyModeOf({ proxyMode = 'iptables' }: ClusterOptions, version: Version): ProxyMode {
  const mode = modeReleases[proxyMode];
  if (!mode?.has(version)) throw new RangeError(`proxyMode ${JSON.stringify(proxyMode)}: ${mode?.said ?? '그런 모드는 없다. iptables, ipvs, nftables, userspace 가운데 하나다'}`);
  return proxyMode;
}

/** The machines of a cluster, control plane first. */
export function machinesOf({ nodes, cloud, controlPlanes = 1 }: ClusterOptions, families: readonly Family[] = ['IPv4']): PlannedMachine[] {
  const groups = workersOfGroups(cloud);
  const heads = controlPlanes === 1 ? ['control-plane'] : Array.from({ length: controlPlanes }, (_, i) => `control-plane-${i + 1}`);
  const all: { options: NodeOptions; controlPlane: boolean }[] = [...heads.map((name) => ({ options: { name }, controlPlane: true })), ...[...workersOf(nodes ?? (groups ? 0 : 2)), ...(groups ?? [])].map((options) => ({ options, controlPlane: false }))];
  return all.map(({ options, controlPlane }, i) => plannedMachine({ name: `worker-${i + 1 - heads.length}`, ...named(options) }, { i, families, controlPlane }));
}

function workersOf(nodes: number | NodeOptions[]): NodeOptions[] {
  if (typeof nodes === 'number' && !(Number.isInteger(nodes) && nodes >= 0)) throw new RangeError(`nodes는 노드의 수(0 이상의 정수)나 노드의 목록이다: ${nodes}`);
  return typeof nodes === 'number' ? Array.from({ length: nodes }, () => ({})) : nodes;
}

function workersOfGroups(cloud: ClusterOptions['cloud']): NodeOptions[] | undefined {
  const { nodeGroups, state }: CloudOptions = typeof cloud === 'object' ? cloud : {};
  return nodeGroups?.flatMap((group) => firstMachines(group, state?.groups).machines.map((name) => workerOf(group, name)));
}

/** Without a name that is missing. */
const named = ({ name, ...rest }: NodeOptions): NodeOptions => (name === undefined ? rest : { name, ...rest });

/** A worker of a group is like all others of it. */
export const workerOf = ({ cpus, memory, pods, labels, taints }: NodeGroupOptions, name: string): NodeOptions => ({ name, cpus, memory, pods, labels, taints });

/** The machine number `i` of the cluster. */
export function plannedMachine(options: NodeOptions, { i, families, controlPlane = false }: { i: number; families: readonly Family[]; controlPlane?: boolean }): PlannedMachine {
  const ips = families.map((family) => options.ip?.split(',').find((ip) => ip.includes(':') === (family === 'IPv6')) ?? address(i, family));
  return { name: options.name ?? `worker-${i}`, ips, ip: ips[0]!, cpus: options.cpus ?? 4, memory: bytesOf(options.memory ?? '8Gi'), options, controlPlane };
}

const bytesOf = (memory: string | number) => (typeof memory === 'number' ? memory : bytes(memory));

/** 10.0.0.10 (fd00:10::10) for the control plane, then one after the other. */
function address(i: number, family: Family): string {
  const n = i + 10;
  // Read as decimal, too: the same digits as at the end of the IPv4 address.
  if (family === 'IPv6') return `fd00:10::${n < 10_000 ? n : `${Math.floor(n / 10_000)}:${n % 10_000}`}`;
  return `10.0.${n >> 8}.${n & 255}`;
}
