// Which nodes a load balancer leads to.
import type { Node, Version } from '../../api/index.ts';
import type { CacheEvent } from '../../client/index.ts';

const excluded = 'node.kubernetes.io/exclude-from-external-load-balancers';
const toBeDeleted = 'ToBeDeletedByClusterAutoscaler';

/**
 * Until v1.26 a node that was not ready was taken out. Since then it stays until it is deleted: whether it can be reached is
 * for the balancer's own health check to find out.
 */
export function mayLeadTo({ metadata, spec, status }: Node, version: Version): boolean {
  if (metadata.labels?.[excluded] !== undefined) return false;
  if (version.has('autoscaler-taint-leaves-balancers') && spec.taints?.some(({ key }) => key === toBeDeleted)) return false;
  if (version.has('stable-load-balancer-nodes')) return metadata.deletionTimestamp === undefined;
  return status.conditions?.find(({ type }) => type === 'Ready')?.status === 'True';
}

/** True when balancers may have to be told. */
export function leadsToChanged({ type, object, old }: CacheEvent<Node>, version: Version): boolean {
  return type !== 'MODIFIED' || mayLeadTo(object, version) !== mayLeadTo(old!, version) || object.spec.providerID !== old!.spec.providerID;
}

export function sameNodes(before: readonly Node[], after: readonly Node[]): boolean {
  const ids = (nodes: readonly Node[]) => nodes.map(({ metadata, spec }) => `${metadata.name} ${spec.providerID ?? ''}`).sort().join();
  return ids(before) === ids(after);
}
