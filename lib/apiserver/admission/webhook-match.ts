// Which writes a webhook is asked about.
import { groupVersionOf, type KubeObject, type LabelSelector, selectorFromLabelSelector } from '../../api/index.ts';
import type { Attributes } from './index.ts';
import type { ClientConfig } from './webhook-address.ts';

export interface Rule {
  operations?: string[];
  apiGroups?: string[];
  apiVersions?: string[];
  resources?: string[];
  scope?: string;
}
export interface Webhook {
  name: string;
  rules?: Rule[];
  clientConfig: ClientConfig;
  namespaceSelector?: LabelSelector;
  objectSelector?: LabelSelector;
  failurePolicy?: string;
  matchPolicy?: string;
  sideEffects?: string;
  timeoutSeconds?: number;
  admissionReviewVersions?: string[];
}

const has = (list: string[] = [], value: string) => list.includes('*') || list.includes(value);

function namesResource(patterns: string[] = [], plural: string, subresource: string): boolean {
  return patterns.some((pattern) => {
    const [resource, sub = ''] = pattern.split('/');
    return (resource === '*' || resource === plural) && (sub === '*' || sub === subresource);
  });
}

/** Differs from Kubernetes: `matchPolicy: Equivalent` looks at all versions of a kind, but hands over the stored one. */
function ruleMatches(rule: Rule, { matchPolicy }: Webhook, { operation, request, parts }: Attributes): boolean {
  const { resource, subresource = '', version } = request;
  const stored = parts.storedVersion(resource).split('/').at(-1)!;
  const versions = matchPolicy === 'Exact' ? [version ?? stored] : resource.versions.map((one) => one.version);
  const scope = rule.scope ?? '*';
  return (
    has(rule.operations, operation) &&
    has(rule.apiGroups, resource.group) &&
    versions.some((one) => has(rule.apiVersions, one)) &&
    namesResource(rule.resources, resource.plural, subresource) &&
    (scope === '*' || (scope === 'Namespaced') === resource.namespaced)
  );
}

const labelsMatch = (selector: LabelSelector | undefined, objects: (KubeObject | undefined)[]) => !selector || objects.some((object) => object && selectorFromLabelSelector(selector).matches(object.metadata?.labels));

export function concerns(webhook: Webhook, attributes: Attributes): boolean {
  const { request, object, old, parts } = attributes;
  const { resource, namespace } = request;
  // Webhooks are never asked about webhooks, or nobody could ever repair a broken one.
  if (groupVersionOf(resource, '').startsWith('admissionregistration.k8s.io/') && resource.kind.endsWith('WebhookConfiguration')) return false;
  if (!webhook.rules?.some((rule) => ruleMatches(rule, webhook, attributes))) return false;
  const around = resource.kind === 'Namespace' ? (object ?? old) : namespace ? parts.find('Namespace', { name: namespace }) : undefined;
  if (around && !labelsMatch(webhook.namespaceSelector, [around])) return false;
  return labelsMatch(webhook.objectSelector, [object, old]);
}
