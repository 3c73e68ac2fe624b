// Pod Security admission: a namespace's labels say which pods it takes, and of which it warns.
import { equal, invalidObject, type KubeObject, type Pod } from '../../api/index.ts';
import { detailOf, levelText, type PodLike, podOf, policyOf, reasonOf, sameLevel, strictness, violations } from '../pod-security/index.ts';
import type { Admission, Attributes } from './index.ts';
import { refuse } from './refuse.ts';

const ignored = new Set(['exec', 'attach', 'binding', 'eviction', 'log', 'portforward', 'proxy', 'status']);

function images({ spec }: KubeObject): unknown[] {
  return ['containers', 'initContainers', 'ephemeralContainers'].map((field) => ((spec[field] ?? []) as { name: string; image: string }[]).map(({ name, image }) => [name, image]));
}

/** Differs from Kubernetes: there is no audit log to write what would violate the level of the mode audit into. */
function evaluate(attributes: Attributes, pod: PodLike, enforces: boolean): void {
  const { request, parts } = attributes;
  const namespace = parts.find('Namespace', { name: request.namespace! });
  const { policy } = policyOf(namespace?.metadata.labels, parts.version);
  const broken = enforces ? violations(pod, policy.enforce, parts.version) : [];
  if (broken.length > 0) throw refuse(attributes, `violates PodSecurity ${JSON.stringify(levelText(policy.enforce))}: ${detailOf(broken)}`);
  const warned = violations(pod, policy.warn, parts.version);
  if (warned.length > 0) request.warn?.(`would violate PodSecurity ${JSON.stringify(levelText(policy.warn))}: ${detailOf(warned)}`);
}

/** Pods with the same faults share a line. */
function warningsOf(pods: readonly KubeObject[], level: Parameters<typeof violations>[1], { parts }: Attributes): string[] {
  const byReason = new Map<string, string[]>();
  for (const pod of pods) {
    const broken = violations(pod as Pod, level, parts.version);
    if (broken.length > 0) byReason.set(reasonOf(broken), [...(byReason.get(reasonOf(broken)) ?? []), pod.metadata.name]);
  }
  return [...byReason].map(([reason, names]) => {
    const others = names.length - 1;
    const more = others === 0 ? '' : others === 1 ? ' (and 1 other pod)' : ` (and ${others} other pods)`;
    return `${names.sort()[0]}${more}: ${reason}`;
  }).sort();
}

/** Labels must say something; who turns a level on is told which pods there are that it would refuse. */
function checkNamespace(attributes: Attributes): void {
  const { operation, request, object, old, parts } = attributes;
  if (request.subresource || operation === 'DELETE') return;
  const { policy: { enforce }, errors } = policyOf(object!.metadata.labels, parts.version);
  const before = old && policyOf(old.metadata.labels, parts.version);
  if (errors.length > 0 && !(before && equal(errors, before.errors))) throw invalidObject(request.resource, request.name ?? object!.metadata.name, errors);
  if (!before || sameLevel(enforce, before.policy.enforce) || enforce.level === 'privileged') return;
  if (enforce.minor === before.policy.enforce.minor && strictness(enforce.level) <= strictness(before.policy.enforce.level)) return;
  const { name } = object!.metadata;
  const warnings = warningsOf(parts.storage.all(parts.resourceOf('Pod'), name), enforce, attributes);
  if (warnings.length === 0) return;
  request.warn?.(`existing pods in namespace ${JSON.stringify(name)} violate the new PodSecurity enforce level ${JSON.stringify(levelText(enforce))}`);
  for (const text of warnings) request.warn?.(text);
}

export const podSecurity: Admission = {
  name: 'PodSecurity',
  kinds: ['Namespace', 'Pod', 'ReplicationController', 'PodTemplate', 'ReplicaSet', 'Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob'],
  validate(attributes) {
    const { operation, request: { resource, subresource = '' }, object, old, parts } = attributes;
    if (!object || (operation !== 'CREATE' && operation !== 'UPDATE') || !parts.version.has('pod-security')) return;
    if (resource.kind === 'Namespace') return checkNamespace(attributes);
    if (resource.kind === 'Pod') {
      // Of a pod that is there only its images change, and what is added to debug it.
      if (!ignored.has(subresource) && !(old && equal(images(object), images(old)))) evaluate(attributes, object as Pod, true);
      return;
    }
    const pod = subresource ? undefined : podOf(object);
    if (pod) evaluate(attributes, pod, false);
  },
};
