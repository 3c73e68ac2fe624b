// A control plane begins: an API server starts on an etcd that has no cluster in it yet.
import { parse } from 'yaml';
import { clusterOf } from '../create-cluster.ts';
import { startParts } from '../parts.ts';
import { authorityOf } from './authority.ts';
import { flagsOf } from './flags.ts';
import { type ControlPlane, kubeletReaches, type Station, type World } from './world.ts';

interface Beginning {
  /** Of the data in etcd. */
  id: string;
  /** `--service-cluster-ip-range` */
  serviceCIDR: string;
}

/** Differs from Kubernetes: the pods' network begins with the range that the manifest names at this moment; a later change of it is not followed. */
function podRange({ machine }: Station): string | undefined {
  const manifest = parse(machine.files.read('/etc/kubernetes/manifests/kube-controller-manager.yaml') ?? '', { logLevel: 'silent' }) as { spec?: { containers?: { command?: string[] }[] } } | null;
  return flagsOf(manifest?.spec?.containers?.[0]?.command ?? []).get('cluster-cidr');
}

export function beginControlPlane(world: World, station: Station, { id, serviceCIDR }: Beginning): ControlPlane {
  const { version, random, stations, loop } = world;
  const { machine } = station;
  const authority = machine.files.read('/etc/kubernetes/pki/ca.crt') ?? '';
  const ground = { ...world, random: random.fork(`cluster ${id}`), controlPlane: { name: machine.name, ip: machine.ip, ips: machine.ips }, nodes: [...stations.values()].map(({ node }) => node) };
  const parts = startParts({ version: `v1.${version.minor}`, serviceCIDR, podCIDR: podRange(station), network: 'none', coreDNS: true, pki: { rootCA: authority, certificates: authorityOf(authority) } }, ground);
  loop.pump = () => parts.server.pump();
  const { network } = parts;
  for (const name of stations.keys()) network.kubeProxy(name).stop();
  needSubnet(network, stations);
  network.runComponent = world.network.runComponent;
  const plane = { id, station, parts, cluster: clusterOf(parts), authority };
  world.plane = plane;
  // Kubelets that have called in vain so far find somebody there; what ran, runs on.
  for (const { node, ...rest } of stations.values()) if (node.kubelet.running && kubeletReaches(world, { node, ...rest })) (node.kubelet.stop(), node.kubelet.start());
  return plane;
}

/** flannel's CNI plug-in reads what the agent of its node has written. */
function needSubnet(network: World['network'], stations: World['stations']): void {
  const { attach } = network;
  const subnet = '/run/flannel/subnet.env';
  network.attach = (node, sandbox) => {
    if (network.pods.profile.type === 'flannel' && stations.get(node)?.machine.files.read(subnet) === undefined) throw new Error(`open ${subnet}: no such file or directory`);
    return attach.call(network, node, sandbox);
  };
}
