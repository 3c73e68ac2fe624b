// A cluster given as plain lists: what `explain` is asked about when no scheduler runs.
import type { Kind, KubeObject, Kinds, Node, Pod, Version } from '../api/index.ts';
import { countedPod, isPodTerminal } from '../api/index.ts';
import type { ClusterView } from './framework.ts';
import { type Explanation, explainPod } from './explain.ts';
import { Nominator } from './nominator.ts';
import { defaultProfile } from './profile.ts';
import { Framework, type FrameworkOptions } from './runtime.ts';
import { Snapshot } from './snapshot.ts';

export interface ClusterState {
  version: Version;
  nodes: Iterable<Node>;
  /** Pods that have a node, or are promised one; those that have ended are not counted. */
  pods?: Iterable<Pod>;
  /** Services, workloads, claims, volumes, classes, namespaces. */
  objects?: Iterable<KubeObject>;
}

/** A scheduling framework over a given state. */
export function createFramework({ version, nodes, pods = [], objects = [] }: ClusterState, options: FrameworkOptions = {}): Framework {
  const snapshot = new Snapshot(version);
  for (const node of nodes) snapshot.setNode(node);
  const nominator = new Nominator();
  for (const pod of pods) {
    if (isPodTerminal(pod)) continue;
    if (pod.spec.nodeName) snapshot.setPod(countedPod(pod, version));
    else nominator.add(pod);
  }
  const byKind = new Map<string, KubeObject[]>();
  for (const object of objects) byKind.set(object.kind, [...(byKind.get(object.kind) ?? []), object]);
  const all = (kind: string) => byKind.get(kind) ?? [];
  const view: ClusterView = {
    version,
    snapshot,
    nominator,
    find: <K extends Kind>(kind: K, { namespace, name }: { namespace?: string; name: string }) =>
      all(kind).find(({ metadata }) => metadata.name === name && (!namespace || metadata.namespace === namespace)) as Kinds[K] | undefined,
    list: <K extends Kind>(kind: K, namespace?: string) => all(kind).filter(({ metadata }) => !namespace || metadata.namespace === namespace) as unknown as Kinds[K][],
  };
  return new Framework(defaultProfile(version), view, options);
}

/** Where a pod may run in a given state, how well, and why not. */
export function explain(pod: Pod, state: ClusterState, options: FrameworkOptions = {}): Explanation {
  const framework = createFramework(state, { ...options, remember: false });
  return explainPod(framework, framework.handle.snapshot.info(pod));
}
