import { amountsOf, listOf, measuredKinds, pickAmounts, type Resource, type ResourceQuota, sameAmounts, usageOf } from '../../api/index.ts';
import type { Client, Controller, Watch } from '../../client/index.ts';
import { monitorKind, soon } from './monitor.ts';

/** However few events there were, every quota is counted anew this often. */
const resyncPeriod = 5 * 60_000;

/** Counts what the objects of a namespace use of its quotas (pkg/controller/resourcequota). */
export function resourceQuotaController(client: Client): Controller {
  const monitored = new Set<string>();
  let follow: (watch: Watch) => void = () => {};

  return {
    name: 'resourcequota',
    watches: [{
      kind: 'ResourceQuota',
      // What is charged in its status is the API server's own doing.
      requests: ({ object, old }) => (old && sameAmounts(amountsOf(old.spec.hard), amountsOf(object.spec.hard)) ? [] : [soon(object)]),
    }],
    start(watch) {
      follow = watch;
    },
    reconcile(request) {
      const quota = client.find('ResourceQuota', request);
      if (!quota) return;
      monitor(quota);
      count(quota);
      return { requeueAfter: resyncPeriod };
    },
  };

  /** A kind is watched once a quota is about it. */
  function monitor({ spec }: ResourceQuota): void {
    for (const { resource, evaluator } of measuredKinds(Object.keys(spec.hard ?? {}), client.version)) {
      if (monitored.has(resource.kind)) continue;
      monitored.add(resource.kind);
      follow(monitorKind(resource.kind, evaluator));
    }
  }

  function count(quota: ResourceQuota): void {
    const { namespace = '' } = quota.metadata;
    const { status = {} } = quota;
    const list = ({ kind }: Resource) => client.cache(kind).inNamespace(namespace);
    const hard = amountsOf(quota.spec.hard);
    const before = pickAmounts(amountsOf(status.used), Object.keys(hard));
    const used = { ...before, ...usageOf(quota, list, { version: client.version, now: client.clock.now }) };
    if (status.hard && status.used && sameAmounts(hard, amountsOf(status.hard)) && sameAmounts(used, amountsOf(status.used))) return;
    // With its resourceVersion: a charge that came meanwhile must not be lost.
    client.update({ ...quota, status: { hard: listOf(hard), used: listOf(used) } }, { subresource: 'status' });
  }
}
