// Which pods an object is about (pkg/target, pkg/utils/vpa/api.go).
import { type KubeObject, type Pod, selectorFromLabelSelector, selectorFromSet, type Selector } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import { modeOf, type VerticalPodAutoscaler } from './types.ts';

const wellKnown = ['DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet', 'ReplicationController', 'Job', 'CronJob'] as const;

interface Owner {
  kind: string;
  name: string;
}

/** The pods' labels; or why nobody knows. Differs from Kubernetes: only the well-known controllers can be targets. */
export function selectorOf(client: Client, { metadata, spec }: VerticalPodAutoscaler): Selector | { problem: string } {
  const { targetRef } = spec;
  if (!targetRef) return { problem: "Cannot read targetRef. Reason: targetRef not defined. If this is a v1beta1 object, switch to v1" };
  const { kind, name, apiVersion = '' } = targetRef;
  if (!wellKnown.includes(kind as (typeof wellKnown)[number])) return { problem: `Cannot read targetRef. Reason: unhandled targetRef ${apiVersion} / ${kind} / ${name}, last error no matches for kind ${JSON.stringify(kind)}` };
  const object = client.find(kind, { namespace: metadata.namespace!, name });
  if (!object) return { problem: `Cannot read targetRef. Reason: ${kind} ${metadata.namespace}/${name} does not exist` };
  if (top(client, object, { kind, name }).name !== name) return { problem: `The target ${apiVersion}.${kind}/${name} has a parent controller but it should point to a topmost well-known or scalable controller` };
  return labelsOf(kind, object);
}

function labelsOf(kind: string, object: KubeObject): Selector {
  const { spec } = object as unknown as { spec: { selector: object; jobTemplate?: { spec: { template: { metadata?: { labels?: Record<string, string> } } } } } };
  if (kind === 'CronJob') return selectorFromSet(spec.jobTemplate?.spec.template.metadata?.labels ?? {});
  return kind === 'ReplicationController' ? selectorFromSet(spec.selector as Record<string, string>) : selectorFromLabelSelector(spec.selector);
}

/** Up from owner to owner. */
function top(client: Client, object: KubeObject | undefined, known: Owner): Owner {
  const owner = object?.metadata.ownerReferences?.find(({ controller }) => controller);
  if (!owner || !wellKnown.includes(owner.kind as (typeof wellKnown)[number])) return known;
  return top(client, client.find(owner.kind, { namespace: object!.metadata.namespace!, name: owner.name }), owner);
}

/** The one that says how the pod is to be: of several the oldest. */
export function controllingVpa(client: Client, pod: Pod, vpas: Iterable<VerticalPodAutoscaler>): VerticalPodAutoscaler | undefined {
  const owner = top(client, pod, { kind: 'Pod', name: pod.metadata.name });
  const mine = [...vpas].filter((vpa) => {
    const { targetRef } = vpa.spec;
    if (vpa.metadata.namespace !== pod.metadata.namespace || targetRef?.kind !== owner.kind || targetRef.name !== owner.name) return false;
    const selector = selectorOf(client, vpa);
    return !('problem' in selector) && selector.matches(pod.metadata.labels ?? {});
  });
  return mine.sort((a, b) => (age(a) < age(b) ? -1 : 1))[0];
}

const age = ({ metadata }: VerticalPodAutoscaler) => `${metadata.creationTimestamp} ${metadata.name}`;

export const updates = (vpa: VerticalPodAutoscaler): boolean => modeOf(vpa) !== 'Off' && modeOf(vpa) !== 'Initial';
