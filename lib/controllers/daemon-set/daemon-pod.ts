// The pod that a daemon set has on a node.
import { type DaemonSet, type Manifest, type Node, nodeRequirement, type NodeRequirement, type Pod, type PodSpec, type Taint, type Toleration } from '../../api/index.ts';
import { podFromTemplate } from '../shared/pod-from-template.ts';
import { toleratesTaint } from '../shared/taints.ts';

export const revisionLabel = 'controller-revision-hash';
const generationLabel = 'pod-template-generation';
const generationAnnotation = 'deprecated.daemonset.template.generation';

/** What befalls a node is no reason for its daemons to leave it. */
const tolerated: readonly [key: string, effect: string][] = [
  ['not-ready', 'NoExecute'],
  ['unreachable', 'NoExecute'],
  ['disk-pressure', 'NoSchedule'],
  ['memory-pressure', 'NoSchedule'],
  ['pid-pressure', 'NoSchedule'],
  ['unschedulable', 'NoSchedule'],
];

function tolerationsOf({ tolerations = [], hostNetwork }: PodSpec): Toleration[] {
  const own = [...tolerated, ...(hostNetwork ? [['network-unavailable', 'NoSchedule'] as const] : [])].map(([name, effect]) => ({ key: `node.kubernetes.io/${name}`, operator: 'Exists', effect }));
  const all = [...tolerations];
  for (const toleration of own) {
    const i = all.findIndex(({ key, effect, operator, value }) => key === toleration.key && effect === toleration.effect && operator === toleration.operator && !value);
    if (i < 0) all.push(toleration);
    else all[i] = toleration;
  }
  return all;
}

/** A pod for this node; the scheduler binds it there, and nowhere else. */
export function daemonPod(set: DaemonSet, nodeName: string, hash: string): Manifest {
  const pod = podFromTemplate(set.spec.template, set);
  const generation = set.metadata.annotations?.[generationAnnotation];
  const { affinity } = pod.spec as PodSpec;
  const required = { nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [nodeName] }] }] };
  return {
    ...pod,
    metadata: { ...pod.metadata, labels: { ...pod.metadata!.labels, ...(generation && { [generationLabel]: generation }), [revisionLabel]: hash } },
    spec: {
      ...pod.spec,
      affinity: { ...affinity, nodeAffinity: { ...affinity?.nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: required } },
      tolerations: tolerationsOf(pod.spec),
    },
  };
}

/** The node that a pod is on, or is meant for. */
export function targetNode({ spec }: Pod): string | undefined {
  if (spec.nodeName) return spec.nodeName;
  for (const { matchFields = [] } of spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []) {
    const named = matchFields.find(({ key, operator, values }) => key === 'metadata.name' && operator === 'In' && values?.length === 1);
    if (named) return named.values![0];
  }
  return undefined;
}

export const isUpdated = ({ metadata }: Pod, hash: string) => metadata.labels?.[revisionLabel] === hash;

export interface Verdict {
  /** A pod belongs here. */
  run: boolean;
  /** One that is here already may stay. */
  stay: boolean;
}

interface Wants {
  requirement: NodeRequirement;
  tolerations: Toleration[];
}

const wants = new WeakMap<PodSpec, Wants>();
const never: Verdict = { run: false, stay: false };
const always: Verdict = { run: true, stay: true };

/** Whether the set has a pod on the node, by the node's name, labels and taints. */
export function verdictOn(set: DaemonSet, node: Node): Verdict {
  const spec = set.spec.template.spec!;
  let known = wants.get(spec);
  if (!known) wants.set(spec, (known = { requirement: nodeRequirement(spec), tolerations: tolerationsOf(spec) }));
  if ((spec.nodeName && spec.nodeName !== node.metadata.name) || !known.requirement.matches(node)) return never;
  const { taints = [] } = node.spec;
  const { tolerations } = known;
  const withstands = (effects: readonly string[]) => taints.every((taint: Taint) => !effects.includes(taint.effect) || tolerations.some((toleration) => toleratesTaint(toleration, taint)));
  if (taints.length === 0 || withstands(['NoExecute', 'NoSchedule'])) return always;
  return { run: false, stay: withstands(['NoExecute']) };
}
