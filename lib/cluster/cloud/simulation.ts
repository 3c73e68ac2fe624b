// The scheduler's filters over a cluster in thought, as the cluster autoscaler asks them.
import { countedPod, isPodTerminal, type Kind, type Kinds, type Node, type Pod } from '../../api/index.ts';
import type { Simulation } from '../../autoscaling/index.ts';
import type { Client, Key } from '../../client/index.ts';
import { defaultProfile, Framework, Nominator, Snapshot } from '../../scheduler/index.ts';

/** What plugins look up beside nodes and pods (services, claims, classes …) comes from the caches of `client`. */
export function simulate(client: Client, nodes: Iterable<Node>, pods: Iterable<Pod>): Simulation {
  const { version } = client;
  const snapshot = new Snapshot(version);
  const framework = new Framework(defaultProfile(version), { version, snapshot, nominator: new Nominator(), ...access(client) }, { remember: false });
  const place = (pod: Pod, node: string) => snapshot.place(snapshot.info(countedPod(pod, version)), node);
  for (const node of nodes) snapshot.setNode(node);
  for (const pod of pods) if (pod.spec.nodeName && !isPodTerminal(pod)) place(pod, pod.spec.nodeName);
  return {
    get nodes() {
      return snapshot.nodes.map(({ node }) => node);
    },
    podsOn: (node) => [...(snapshot.node(node)?.pods.values() ?? [])].map(({ pod }) => pod),
    addNode(node, own = []) {
      snapshot.setNode(node);
      for (const pod of own) place(pod, node.metadata.name);
    },
    removeNode(name) {
      for (const { pod } of [...(snapshot.node(name)?.pods.values() ?? [])]) snapshot.removePod(pod);
      snapshot.removeNode(name);
    },
    refusal(pod, node) {
      const [info, found] = [snapshot.info(pod), snapshot.node(node)];
      if (!found) return ['node not found'];
      const before = framework.preFilter(info);
      if (before && 'code' in before) return before.reasons;
      if (before && !before.nodeNames.has(node)) return [`node(s) didn't satisfy plugin(s) [${before.plugins.join(' ')}]`];
      return framework.filter(info, found)?.reasons;
    },
    place,
    unplace: (pod) => void snapshot.removePod(pod),
  };
}

function access(client: Client) {
  const served = (kind: string) => client.resource(kind) !== undefined && !client.resource(kind)!.discoveryOnly;
  return {
    find: <K extends Kind>(kind: K, key: Key) => (served(kind) ? (client.find(kind, key) as Kinds[K] | undefined) : undefined),
    list: <K extends Kind>(kind: K, namespace?: string): Iterable<Kinds[K]> => (served(kind) ? ((namespace ? client.cache(kind).inNamespace(namespace) : client.cache(kind)) as Iterable<Kinds[K]>) : []),
  };
}
