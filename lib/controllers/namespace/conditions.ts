// What a namespace that is being deleted says about what is left in it.
import { timestamp } from '../../sim/index.ts';
import type { Namespace } from '../../api/index.ts';

export interface Remaining {
  /** `pods.` or `deployments.apps` → how many are left. */
  resources: Map<string, number>;
  finalizers: Map<string, number>;
  errors: string[];
  /** `metrics.k8s.io/v1beta1`: whose kinds nobody can list, as another API server does not answer. */
  undiscovered: string[];
}

export const discoveryError = (groups: readonly string[]) => `unable to retrieve the complete list of server APIs: ${groups.map((group) => `${group}: the server is currently unable to handle the request`).join(', ')}`;

type NamespaceCondition = NonNullable<Namespace['status']['conditions']>[number];
type Finding = Pick<NamespaceCondition, 'type' | 'status' | 'reason' | 'message'>;

/** All five conditions, the good news in place of what did not go wrong. */
export function namespaceConditions(present: readonly NamespaceCondition[] = [], remaining: Remaining, now: number): NamespaceCondition[] {
  const findings = [
    discoveryFailure(remaining),
    finding('NamespaceDeletionGroupVersionParsingFailure', 'ParsedGroupVersions', 'All legacy kube types successfully parsed'),
    contentFailure(remaining),
    contentRemaining(remaining),
    finalizersRemaining(remaining),
  ];
  return findings.map((found) => {
    const old = present.find(({ type }) => type === found.type);
    const same = old?.status === found.status;
    return { type: found.type, status: found.status, lastTransitionTime: same ? old.lastTransitionTime : timestamp(now), reason: found.reason, message: found.message };
  });
}

function finding(type: string, reason: string, message: string, status = 'False'): Finding {
  return { type, status, reason, message };
}

function discoveryFailure({ undiscovered }: Remaining): Finding {
  const type = 'NamespaceDeletionDiscoveryFailure';
  if (undiscovered.length === 0) return finding(type, 'ResourcesDiscovered', 'All resources successfully discovered');
  return finding(type, 'DiscoveryFailed', `Discovery failed for some groups, ${undiscovered.length} failing: ${discoveryError(undiscovered)}`, 'True');
}

function contentFailure({ errors }: Remaining): Finding {
  const type = 'NamespaceDeletionContentFailure';
  if (errors.length === 0) return finding(type, 'ContentDeleted', 'All content successfully deleted, may be waiting on finalization');
  return finding(type, 'ContentDeletionFailed', `Failed to delete all resource types, ${errors.length} remaining: ${[...errors].sort().join(', ')}`, 'True');
}

function contentRemaining({ resources }: Remaining): Finding {
  const type = 'NamespaceContentRemaining';
  if (resources.size === 0) return finding(type, 'ContentRemoved', 'All content successfully removed');
  const list = [...resources].map(([resource, count]) => `${resource} has ${count} resource instances`);
  return finding(type, 'SomeResourcesRemain', `Some resources are remaining: ${list.sort().join(', ')}`, 'True');
}

function finalizersRemaining({ finalizers }: Remaining): Finding {
  const type = 'NamespaceFinalizersRemaining';
  if (finalizers.size === 0) return finding(type, 'ContentHasNoFinalizers', 'All content-preserving finalizers finished');
  const list = [...finalizers].map(([finalizer, count]) => `${finalizer} in ${count} resource instances`);
  return finding(type, 'SomeFinalizersRemain', `Some content in the namespace has finalizers remaining: ${list.sort().join(', ')}`, 'True');
}
