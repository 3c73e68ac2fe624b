// Which news of a kind may free something of a quota (resource_quota_monitor.go).
import { equal, type Evaluator, isPodCharged, type KubeObject, type Pod, type ResourceQuota } from '../../api/index.ts';
import type { CacheEvent, Client, Request, Watch } from '../../client/index.ts';
import { keyOf } from '../../client/index.ts';

const type = ({ spec }: KubeObject) => (spec.type === 'NodePort' || spec.type === 'LoadBalancer' ? spec.type : '');

/** Its containers have something else than before. */
function isResized({ status }: Pod, { status: old }: Pod): boolean {
  if (status.containerStatuses === old.containerStatuses && status.initContainerStatuses === old.initContainerStatuses) return false;
  const now = [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])];
  const before = [...(old.containerStatuses ?? []), ...(old.initContainerStatuses ?? [])];
  return before.some(({ name, resources }) => now.some((one) => one.name === name && !equal(one.resources, resources)));
}

function frees({ object, old }: CacheEvent, { clock, version }: Client): boolean {
  if (object.kind === 'Pod') return (isPodCharged(old as Pod, clock.now) && !isPodCharged(object as Pod, clock.now)) || (version.has('in-place-resize') && isResized(object as Pod, old as Pod));
  return object.kind === 'Service' && type(object) !== type(old!);
}

/** News goes through one more queue before a quota is counted: meanwhile all caches take in what happened at the same moment. */
export const soon = (quota: ResourceQuota): Request => ({ ...keyOf(quota), after: 1 });

/** Deletions ask for the quotas that count the kind, and changes that free something; what is new was charged when it was made. */
export function monitorKind(kind: string, evaluator: Evaluator): Watch {
  return {
    kind,
    requests(event, client) {
      if (event.type === 'ADDED' || (event.type === 'MODIFIED' && !frees(event, client))) return [];
      const quotas = [...client.cache('ResourceQuota').inNamespace(event.object.metadata.namespace ?? '')];
      return quotas.filter((quota) => evaluator.matching(Object.keys(quota.status?.hard ?? {})).length > 0).map(soon);
    },
  };
}
