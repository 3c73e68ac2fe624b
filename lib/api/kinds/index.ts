// The table of kinds: one row a kind, one file a row.
import type { Resource, ServedVersion } from '../resource.ts';
import type { Version } from '../version.ts';
import { cronJob } from './batch/cron-job.ts';
import { job } from './batch/job.ts';
import { configMap } from './config-map.ts';
import { controllerRevision } from './controller-revision.ts';
import { daemonSet } from './daemon-set.ts';
import { apiServiceKind } from './api-service.ts';
import { customKinds } from '../custom/kinds.ts';
import { certificateSigningRequest } from './certificate-signing-request.ts';
import { binding, componentStatus } from './computed.ts';
import { csiDriver, csiNode, csiStorageCapacity, volumeAttachment } from './csi.ts';
import { customResourceDefinition } from './custom-resource-definition.ts';
import { deployment } from './deployment.ts';
import { discoveryOnly } from './discovery-only.ts';
import { endpointSlice } from './endpoint-slice.ts';
import { endpoints } from './endpoints.ts';
import { event } from './event.ts';
import { eventRegarding } from './event-regarding.ts';
import { flowSchema, priorityLevelConfiguration } from './flow-control.ts';
import { horizontalPodAutoscaler } from './horizontal-pod-autoscaler.ts';
import { ingressClass } from './ingress-class.ts';
import { ingress, oldIngress } from './ingress.ts';
import { lease } from './lease.ts';
import { limitRange } from './limit-range.ts';
import { namespace } from './namespace.ts';
import { networkPolicy } from './network-policy.ts';
import { node } from './node.ts';
import { persistentVolumeClaim } from './persistent-volume-claim.ts';
import { persistentVolume } from './persistent-volume.ts';
import { podDisruptionBudget } from './pod-disruption-budget.ts';
import { podSecurityPolicy } from './pod-security-policy.ts';
import { podTemplate } from './pod-template.ts';
import { pod } from './pod.ts';
import { priorityClass } from './priority-class.ts';
import { clusterRoleBinding, roleBinding } from './rbac/binding.ts';
import { clusterRole, role } from './rbac/role.ts';
import { replicaSet } from './replica-set.ts';
import { replicationController } from './replication-controller.ts';
import { resourceQuota } from './resource-quota.ts';
import { reviews } from './reviews.ts';
import { runtimeClass } from './runtime-class.ts';
import { secret } from './secret.ts';
import { serviceAccount } from './service-account.ts';
import { service } from './service.ts';
import { statefulSet } from './stateful-set.ts';
import { storageClass } from './storage-class.ts';
import { validatingAdmissionPolicy, validatingAdmissionPolicyBinding } from './validating-admission-policy.ts';
import { mutatingWebhookConfiguration, validatingWebhookConfiguration } from './webhook-configuration.ts';

/** Every kind that Kubernetes brings along, in any release. Where two groups serve a plural, the group that a bare name means comes first. */
export const resources: readonly Resource[] = [
  ...[namespace, node, pod, replicationController, service, endpoints, configMap, secret, serviceAccount, event, eventRegarding],
  ...[persistentVolume, persistentVolumeClaim, deployment, replicaSet, lease, endpointSlice, priorityClass, storageClass, podDisruptionBudget, limitRange, resourceQuota, podSecurityPolicy],
  ...[statefulSet, daemonSet, controllerRevision, job, cronJob],
  ...[clusterRole, clusterRoleBinding, role, roleBinding, ...reviews, customResourceDefinition],
  ...[podTemplate, horizontalPodAutoscaler, ingress, oldIngress, ingressClass, networkPolicy, runtimeClass, certificateSigningRequest],
  ...[csiDriver, csiNode, csiStorageCapacity, volumeAttachment, mutatingWebhookConfiguration, validatingWebhookConfiguration, validatingAdmissionPolicy, validatingAdmissionPolicyBinding],
  ...[apiServiceKind, flowSchema, priorityLevelConfiguration, componentStatus, binding],
  ...discoveryOnly,
];

/** Every kind of a server: those of {@link resources} and the custom ones that were defined on it. */
export function resourcesOf(release: Version): readonly Resource[] {
  const custom = customKinds(release).rows;
  return custom.length > 0 ? [...resources, ...custom] : resources;
}

const isServed = ({ since = 0, until = Number.POSITIVE_INFINITY }: ServedVersion, { minor }: Version) => since <= minor && minor <= until;

/** The API versions of a kind that a release serves, preferred first. */
export function servedVersions(resource: Resource, release: Version): string[] {
  return resource.versions.filter((served) => isServed(served, release)).map((served) => served.version);
}

/** A kind under one of its names; a name may say the version that is meant. */
interface Named {
  resource: Resource;
  served?: ServedVersion;
}

const byName = new Map<string, Named[]>();
const byPath = new Map<string, { resource: Resource; served: ServedVersion }>();

function remember(name: string, named: Named) {
  const key = name.toLowerCase();
  const list = byName.get(key);
  if (!list) byName.set(key, [named]);
  else if (!list.some(({ resource }) => resource === named.resource)) list.push(named);
}

for (const resource of resources) {
  const { group, plural } = resource;
  for (const name of [resource.kind, plural, resource.singular, ...(resource.shortNames ?? [])]) {
    remember(name, { resource });
    if (group) remember(`${name}.${group}`, { resource });
    for (const served of resource.versions) remember(`${name}.${served.version}.${group}`, { resource, served });
  }
  for (const served of resource.versions) byPath.set(`${group}/${served.version}/${plural}`, { resource, served });
}

/**
 * Resolves `Pod`, `pods`, `pod`, `po`, `deployments.apps` and `deployments.v1.apps`.
 * With a release, only among what that release serves.
 */
export function findResource(name: string, release?: Version): Resource | undefined {
  const list = byName.get(name) ?? byName.get(name.toLowerCase());
  if (!release) return list?.[0]?.resource;
  return list?.find(({ resource, served }) => (served ? [served] : resource.versions).some((one) => isServed(one, release)))?.resource ?? customKinds(release).find(name);
}

/** The row behind a path such as `/apis/apps/v1/deployments`; undefined when the release does not serve it. */
export function resourceFor(group: string, version: string, plural: string, release?: Version): Resource | undefined {
  const found = byPath.get(`${group}/${version}/${plural}`);
  if (found && (!release || isServed(found.served, release))) return found.resource;
  return release && customKinds(release).forPath(group, version, plural);
}
