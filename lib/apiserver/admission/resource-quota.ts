// Quotas: a write that would use more than is left is refused, any other is charged before it happens.
import { addAmounts, type Amounts, amountsOf, type Evaluator, evaluatorOf, excess, isInScopes, type KubeObject, listOf, pickAmounts, positiveAmounts, sameAmounts, scopesOf } from '../../api/index.ts';
import type { Admission, Attributes } from './index.ts';
import { refuse } from './refuse.ts';

const text = (amounts: Amounts) => Object.entries(listOf(amounts)).map(([name, amount]) => `${name}=${amount}`).join(',');

const handles = ({ operation, request: { resource, subresource } }: Attributes, { countsUpdates }: Evaluator) =>
  (subresource === 'resize' && resource.kind === 'Pod') || (!subresource && (operation === 'CREATE' || (operation === 'UPDATE' && countsUpdates === true)));

/** What the write would add. */
function added({ object, old, parts }: Attributes, evaluator: Evaluator): Amounts {
  const measuring = { version: parts.version, now: parts.clock.now };
  const usage = evaluator.usage(object!, measuring);
  return positiveAmounts(old ? excess(usage, evaluator.usage(old, measuring)) : usage);
}

/** Whether a quota is about the object at all; throws when it is and cannot be counted. */
function concerns(attributes: Attributes, evaluator: Evaluator, quota: KubeObject): boolean {
  const { object, parts } = attributes;
  const names = evaluator.matching(Object.keys(quota.status?.hard ?? {}));
  if (names.length === 0 || !isInScopes(evaluator, object!, scopesOf(quota))) return false;
  const missing = evaluator.missing?.(object!, names, parts.version);
  if (missing) throw refuse(attributes, `failed quota: ${quota.metadata.name}: ${missing}`);
  const unknown = names.some((name) => quota.status.used?.[name] === undefined);
  if (unknown) throw refuse(attributes, `status unknown for quota: ${quota.metadata.name}, resources: ${names.sort().join(',')}`);
  return true;
}

/** What will be used with the write; throws when that is too much. */
function charged(attributes: Attributes, { metadata, status }: KubeObject, delta: Amounts): Amounts {
  const [hard, used] = [amountsOf(status.hard), amountsOf(status.used)];
  const requested = pickAmounts(delta, Object.keys(hard));
  const next = addAmounts(used, requested);
  const exceeded = Object.keys(requested).filter((name) => next[name]!.cmp(hard[name]!) > 0);
  if (exceeded.length === 0) return next;
  const [asked, taken, limited] = [requested, used, hard].map((amounts) => text(pickAmounts(amounts, exceeded)));
  throw refuse(attributes, `exceeded quota: ${metadata.name}, requested: ${asked}, used: ${taken}, limited: ${limited}`);
}

/** Differs from Kubernetes: no quota is ever read from a cache that lags behind, so no charge meets a conflict. */
export const resourceQuotas: Admission = {
  name: 'ResourceQuota',
  validate(attributes) {
    const { request, parts } = attributes;
    if (!request.resource.namespaced || attributes.operation === 'DELETE') return;
    const resource = parts.resourceOf('ResourceQuota');
    const quotas = parts.storage.all(resource, request.namespace);
    const evaluator = quotas.length > 0 ? evaluatorOf(request.resource) : undefined;
    if (!evaluator || !handles(attributes, evaluator)) return;
    const concerned = quotas.filter((quota) => concerns(attributes, evaluator, quota));
    const delta = added(attributes, evaluator);
    const charges = concerned.map((quota) => ({ quota, used: charged(attributes, quota, delta) }));
    if (request.options?.dryRun) return;
    for (const { quota, used } of charges) {
      if (sameAmounts(used, amountsOf(quota.status.used))) continue;
      const { namespace, name } = quota.metadata;
      const status = { ...quota.status, used: listOf(used) };
      parts.loopback({ verb: 'update', resource, namespace, name, subresource: 'status', patch: { type: 'merge', body: { status } }, status, user: 'system:apiserver', userAgent: 'kube-apiserver' });
    }
  },
};
