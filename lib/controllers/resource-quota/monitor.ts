// Which news of a kind may free something of a quota (resource_quota_monitor.go).
import { type Evaluator, isPodCharged, type KubeObject, type Pod, type ResourceQuota } from '../../api/index.ts';
import type { CacheEvent, Client, Watch } from '../../client/index.ts';
import { keyOf } from '../shared/owners.ts';

const type = ({ spec }: KubeObject) => (spec.type === 'NodePort' || spec.type === 'LoadBalancer' ? spec.type : '');

function frees({ object, old }: CacheEvent, { clock }: Client): boolean {
  if (object.kind === 'Pod') return isPodCharged(old as Pod, clock.now) && !isPodCharged(object as Pod, clock.now);
  return object.kind === 'Service' && type(object) !== type(old!);
}

/**
 * Deletions ask for the quotas that count the kind, and changes that may use less.
 * Differs from Kubernetes: an object that was missing when its quota was last counted asks too, where Kubernetes would let
 * the wrong number stand until the next full count.
 */
export function monitorKind(kind: string, evaluator: Evaluator, countedAt: (quota: ResourceQuota) => number | undefined): Watch {
  const missed = (object: KubeObject, quota: ResourceQuota) => (countedAt(quota) ?? 0) >= Date.parse(object.metadata.creationTimestamp);
  return {
    kind,
    requests(event, client) {
      if (event.type === 'MODIFIED' && !frees(event, client)) return [];
      const quotas = [...client.cache('ResourceQuota').inNamespace(event.object.metadata.namespace ?? '')];
      const concerned = quotas.filter((quota) => evaluator.matching(Object.keys(quota.status?.hard ?? {})).length > 0);
      return concerned.filter((quota) => event.type !== 'ADDED' || missed(event.object, quota)).map(keyOf);
    },
  };
}
