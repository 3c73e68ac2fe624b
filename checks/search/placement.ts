// Where a pod would fit: told from what the store holds, without the scheduler's own code.
import { cpuMilli, isPodTerminal, type KubeObject, type Node, type PersistentVolume, type PersistentVolumeClaim, type Pod } from '../../lib/api/index.ts';

export type Objects = (kind: string) => KubeObject[];

export const requested = ({ spec }: Pod) => spec.containers.reduce((sum, { resources }) => sum + cpuMilli(resources?.requests?.cpu), 0);
export const priorityOf = ({ spec }: Pod) => spec.priority ?? 0;
export const isOn = (node: Node) => (pod: Pod) => pod.spec.nodeName === node.metadata.name && !isPodTerminal(pod);
export const usedOn = (node: Node, pods: readonly Pod[]) => pods.filter(isOn(node)).reduce((sum, pod) => sum + requested(pod), 0);
export const roomOf = ({ status }: Node) => cpuMilli(status.allocatable!.cpu);

/** A taint that keeps the pod away. */
export function keptOff({ spec: { tolerations = [] } }: Pod, { spec: { taints = [] } }: Node): string | undefined {
  const bad = taints.find((taint) => taint.effect !== 'PreferNoSchedule' && !tolerations.some(({ key, operator = 'Equal', value = '', effect }) => (!key || key === taint.key) && (operator === 'Exists' || value === (taint.value ?? '')) && (!effect || effect === taint.effect)));
  return bad && `${bad.key}:${bad.effect}`;
}

/** Nodes to which the pod itself is tied: a daemon's node, the node of its volume. */
function tied(pod: Pod, { metadata: { name } }: Node, objects: Objects): string | undefined {
  const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  if (required && !required.some(({ matchFields = [] }) => matchFields.some(({ values = [] }) => values.includes(name)))) return 'it belongs to another node';
  for (const { persistentVolumeClaim } of pod.spec.volumes ?? []) {
    if (!persistentVolumeClaim) continue;
    const claim = (objects('PersistentVolumeClaim') as PersistentVolumeClaim[]).find(({ metadata }) => metadata.name === persistentVolumeClaim.claimName);
    if (!claim || claim.metadata.deletionTimestamp) return 'it has no claim';
    const volume = (objects('PersistentVolume') as PersistentVolume[]).find(({ metadata }) => metadata.name === claim.spec.volumeName);
    if (claim.spec.volumeName && !volume) return 'its volume is lost';
    const terms = volume?.spec.nodeAffinity?.required?.nodeSelectorTerms;
    if (terms && !terms.some(({ matchExpressions = [] }) => matchExpressions.some(({ values = [] }) => values.includes(name)))) return 'its volume is elsewhere';
  }
  return undefined;
}

/** Spread over hosts: how many more than on the emptiest host there would be. */
export function skewOn(pod: Pod, node: Node, objects: Objects): number {
  const alike = (objects('Pod') as Pod[]).filter((one) => one !== pod && one.metadata.uid !== pod.metadata.uid && one.metadata.namespace === pod.metadata.namespace && one.metadata.labels?.app === pod.metadata.labels?.app && !one.metadata.deletionTimestamp && one.spec.nodeName && !isPodTerminal(one));
  const on = (name: string) => alike.filter(({ spec }) => spec.nodeName === name).length;
  return on(node.metadata.name) + 1 - Math.min(...objects('Node').map(({ metadata }) => on(metadata.name)));
}

const spreads = ({ spec }: Pod) => spec.topologySpreadConstraints?.find(({ whenUnsatisfiable }) => whenUnsatisfiable === 'DoNotSchedule');

/** Undefined: it keeps to its constraint there. */
export function tooUneven(pod: Pod, node: Node, objects: Objects): string | undefined {
  const constraint = spreads(pod);
  const skew = constraint ? skewOn(pod, node, objects) : 0;
  return constraint && skew > constraint.maxSkew ? `a skew of ${skew}` : undefined;
}

/** Why the pod cannot run on the node; undefined: it can, once the pods that `gone` names are away. */
export function misfit(pod: Pod, node: Node, { objects, gone = () => false }: { objects: Objects; gone?: (pod: Pod) => boolean }): string | undefined {
  const pods = (objects('Pod') as Pod[]).filter((one) => !gone(one));
  const daemon = pod.metadata.ownerReferences?.some(({ kind }) => kind === 'DaemonSet');
  if (node.spec.unschedulable && !daemon) return 'it is cordoned';
  if (usedOn(node, pods) + requested(pod) > roomOf(node)) return 'it has too little CPU';
  return keptOff(pod, node) ?? tied(pod, node, objects) ?? tooUneven(pod, node, (kind) => (kind === 'Pod' ? pods : objects(kind)));
}

/** A node on which the pod would fit, by itself or in the place of others; undefined: it waits rightly. */
export function placeFor(pod: Pod, objects: Objects): string | undefined {
  const lower = (other: Pod) => pod.spec.preemptionPolicy !== 'Never' && priorityOf(other) < priorityOf(pod);
  return (objects('Node') as Node[]).find((node) => !misfit(pod, node, { objects, gone: lower }))?.metadata.name;
}
