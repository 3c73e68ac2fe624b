// API versions on their way out: which request is answered with a warning, and what it says.
import type { Version } from './version.ts';

/**
 * The version, the kind, since which release (1.x) it is deprecated, from which on it is gone, what to use instead and under which
 * kind, where that is another (zz_generated.prerelease-lifecycle.go of k8s.io/api, as of the last release that has the type).
 */
const table = `
v1 ComponentStatus 19 -
v1 Endpoints 33 - discovery.k8s.io/v1 EndpointSlice
admissionregistration.k8s.io/v1beta1 MutatingWebhookConfiguration 16 22 admissionregistration.k8s.io/v1
admissionregistration.k8s.io/v1beta1 ValidatingWebhookConfiguration 16 22 admissionregistration.k8s.io/v1
apiextensions.k8s.io/v1beta1 CustomResourceDefinition 16 22 apiextensions.k8s.io/v1
authentication.k8s.io/v1beta1 TokenReview 19 22 authentication.k8s.io/v1
authorization.k8s.io/v1beta1 LocalSubjectAccessReview 19 22 authorization.k8s.io/v1
authorization.k8s.io/v1beta1 SelfSubjectAccessReview 19 22 authorization.k8s.io/v1
authorization.k8s.io/v1beta1 SelfSubjectRulesReview 19 22 authorization.k8s.io/v1
authorization.k8s.io/v1beta1 SubjectAccessReview 19 22 authorization.k8s.io/v1
autoscaling/v2beta1 HorizontalPodAutoscaler 22 25 autoscaling/v2
autoscaling/v2beta2 HorizontalPodAutoscaler 23 26 autoscaling/v2
batch/v1beta1 CronJob 21 25 batch/v1
certificates.k8s.io/v1beta1 CertificateSigningRequest 19 22 certificates.k8s.io/v1
coordination.k8s.io/v1beta1 Lease 19 22 coordination.k8s.io/v1
discovery.k8s.io/v1beta1 EndpointSlice 21 25 discovery.k8s.io/v1
events.k8s.io/v1beta1 Event 22 25
extensions/v1beta1 Ingress 14 22 networking.k8s.io/v1
flowcontrol.apiserver.k8s.io/v1alpha1 FlowSchema 20 21 flowcontrol.apiserver.k8s.io/v1beta1
flowcontrol.apiserver.k8s.io/v1alpha1 PriorityLevelConfiguration 20 21 flowcontrol.apiserver.k8s.io/v1beta1
flowcontrol.apiserver.k8s.io/v1beta1 FlowSchema 23 26 flowcontrol.apiserver.k8s.io/v1beta3
flowcontrol.apiserver.k8s.io/v1beta1 PriorityLevelConfiguration 23 26 flowcontrol.apiserver.k8s.io/v1beta3
flowcontrol.apiserver.k8s.io/v1beta2 FlowSchema 26 29 flowcontrol.apiserver.k8s.io/v1beta3
flowcontrol.apiserver.k8s.io/v1beta2 PriorityLevelConfiguration 26 29 flowcontrol.apiserver.k8s.io/v1beta3
flowcontrol.apiserver.k8s.io/v1beta3 FlowSchema 29 32 flowcontrol.apiserver.k8s.io/v1
flowcontrol.apiserver.k8s.io/v1beta3 PriorityLevelConfiguration 29 32 flowcontrol.apiserver.k8s.io/v1
networking.k8s.io/v1beta1 Ingress 19 22 networking.k8s.io/v1
networking.k8s.io/v1beta1 IngressClass 19 22 networking.k8s.io/v1 IngressClassList
node.k8s.io/v1beta1 RuntimeClass 22 25
policy/v1beta1 PodDisruptionBudget 21 25 policy/v1
policy/v1beta1 PodSecurityPolicy 21 25
rbac.authorization.k8s.io/v1beta1 ClusterRole 17 22 rbac.authorization.k8s.io/v1
rbac.authorization.k8s.io/v1beta1 ClusterRoleBinding 17 22 rbac.authorization.k8s.io/v1
rbac.authorization.k8s.io/v1beta1 Role 17 22 rbac.authorization.k8s.io/v1
rbac.authorization.k8s.io/v1beta1 RoleBinding 17 22 rbac.authorization.k8s.io/v1
scheduling.k8s.io/v1beta1 PriorityClass 14 22 scheduling.k8s.io/v1
storage.k8s.io/v1alpha1 VolumeAttachment 21 24 storage.k8s.io/v1
storage.k8s.io/v1beta1 CSIDriver 19 22 storage.k8s.io/v1
storage.k8s.io/v1beta1 CSINode 17 22 storage.k8s.io/v1
storage.k8s.io/v1beta1 CSIStorageCapacity 24 27 storage.k8s.io/v1
storage.k8s.io/v1beta1 StorageClass 19 22 storage.k8s.io/v1
storage.k8s.io/v1beta1 VolumeAttachment 19 22 storage.k8s.io/v1
`;

const rows = new Map(
  table
    .trim()
    .split('\n')
    .map((row) => row.split(' '))
    .map(([apiVersion, kind, since, gone, instead, as]) => [`${apiVersion} ${kind}`, { since: Number(since), gone, instead, as: as ?? kind }] as const),
);

/** `1.22`: when a deprecated API version of a built-in kind goes, '' where nobody knows; undefined where it is not deprecated. */
export function removedRelease(apiVersion: string, kind: string, { minor }: Version): string | undefined {
  const row = rows.get(`${apiVersion} ${kind}`);
  return row && row.since <= minor ? (row.gone === '-' ? '' : `1.${row.gone}`) : undefined;
}

/** The warning for a request in an API version of a built-in kind; undefined when there is none (apiserver, pkg/endpoints/deprecation). */
export function deprecationWarning(apiVersion: string, kind: string, { minor }: Version): string | undefined {
  const row = rows.get(`${apiVersion} ${kind}`);
  if (!row || row.since > minor) return undefined;
  const { since, gone, instead, as } = row;
  return `${apiVersion} ${kind} is deprecated in v1.${since}+${gone === '-' ? '' : `, unavailable in v1.${gone}+`}${instead ? `; use ${instead} ${as}` : ''}`;
}
