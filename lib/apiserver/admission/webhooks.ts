// MutatingAdmissionWebhook and ValidatingAdmissionWebhook: the API server asks others about a write.
import { applyJsonPatch, draft, groupVersionOf, type KubeObject, StatusError } from '../../api/index.ts';
import type { Admission, Attributes } from './index.ts';
import { addressOf, type ClientConfig } from './webhook-address.ts';
import { concerns, type Webhook } from './webhook-match.ts';

/** What a webhook is sent, and what it answers in `response`. */
export interface Review {
  apiVersion: string;
  kind: string;
  request?: Record<string, any>;
  response?: unknown;
}

/** admission.k8s.io/v1 */
export interface AdmissionReview extends Review {
  kind: 'AdmissionReview';
  response?: { uid: string; allowed: boolean; status?: { message?: string; reason?: string; code?: number }; patch?: string; patchType?: string; warnings?: string[] };
}

/** Reaches a webhook, for at most so many seconds. Throws an Error whose message says why nobody answered. */
export type CallWebhook = (client: ClientConfig, review: Review, timeout: number) => Review;

function reviewOf({ operation, request, object, old, parts }: Attributes, { admissionReviewVersions = ['v1'] }: Webhook): AdmissionReview {
  const { resource, name, namespace, subresource, user, groups, options = {} } = request;
  const version = parts.storedVersion(resource).split('/').at(-1)!;
  const connects = operation === 'CONNECT';
  const kind = connects ? { group: '', version: 'v1', kind: object!.kind } : { group: resource.group, version, kind: resource.kind };
  const plural = { group: resource.group, version, resource: resource.plural };
  const type = (one: KubeObject | undefined) => (one ? { ...draft(one), apiVersion: groupVersionOf(resource, version), kind: resource.kind } : null);
  const body = {
    uid: parts.random.uuid(),
    ...{ kind, resource: plural, requestKind: kind, requestResource: plural },
    ...(subresource && { subResource: subresource }),
    ...((name || object?.metadata?.name) && { name: name || object!.metadata.name }),
    ...(namespace && { namespace }),
    ...{ operation, userInfo: { username: user, ...(groups && { groups: [...groups] }) } },
    ...{ object: connects ? object : type(object), oldObject: type(old), dryRun: options.dryRun ?? false, options: null },
  };
  return { apiVersion: `admission.k8s.io/${admissionReviewVersions.includes('v1') ? 'v1' : 'v1beta1'}`, kind: 'AdmissionReview', request: body };
}

/** The answer; undefined when nobody answered and that is to be ignored. */
function ask(webhook: Webhook, attributes: Attributes): AdmissionReview['response'] | undefined {
  const review = reviewOf(attributes, webhook);
  const { timeoutSeconds: timeout = 10 } = webhook;
  const context = (text: string) => (attributes.parts.version.has('webhook-call-context') ? text : '');
  let why: string;
  try {
    const { response } = attributes.parts.callWebhook(webhook.clientConfig, review, timeout) as AdmissionReview;
    if (response && response.uid === review.request!.uid) return response;
    const fault = response ? `expected response.uid=${JSON.stringify(review.request!.uid)}, got ${JSON.stringify(response.uid ?? '')}` : 'webhook response is missing response';
    why = `${context('received invalid webhook response: ')}${fault}`;
  } catch (error) {
    why = `${context('failed to call webhook: ')}${addressOf(webhook.clientConfig, timeout)}: ${(error as Error).message}`;
  }
  if (webhook.failurePolicy === 'Ignore') return undefined;
  const message = `failed calling webhook ${JSON.stringify(webhook.name)}: ${why}`;
  throw new StatusError('InternalError', 500, `Internal error occurred: ${message}`, { causes: [{ message }] });
}

function refusal({ name }: Webhook, { status = {} }: NonNullable<AdmissionReview['response']>): StatusError {
  const { message, reason, code = 0 } = status;
  const denied = `admission webhook ${JSON.stringify(name)} denied the request`;
  const why = message || reason;
  return new StatusError(reason ?? '', code < 400 ? 400 : code, why ? `${denied}: ${why}` : `${denied} without explanation`);
}

function checkDryRun({ name, sideEffects }: Webhook, { request }: Attributes): void {
  if (!request.options?.dryRun || sideEffects === 'None' || sideEffects === 'NoneOnDryRun') return;
  throw new StatusError('BadRequest', 400, `admission webhook ${JSON.stringify(name)} does not support dry run`);
}

function patched(object: KubeObject, { patch, patchType }: NonNullable<AdmissionReview['response']>): KubeObject {
  if (!patch) return object;
  if (patchType !== 'JSONPatch') throw new StatusError('InternalError', 500, `Internal error occurred: unsupported patch type: ${JSON.stringify(patchType ?? '')}`);
  return draft(applyJsonPatch(object, JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(patch), (c) => c.charCodeAt(0))))));
}

/** In the order of names: configurations, then webhooks as they stand. Nothing is looked at while there are none. */
function askAll(kind: string, attributes: Attributes): void {
  const { storage, resourceOf } = attributes.parts;
  const configurations = storage.all(resourceOf(kind));
  for (const { webhooks = [] } of configurations) {
    for (const webhook of webhooks as Webhook[]) {
      if (!concerns(webhook, attributes)) continue;
      checkDryRun(webhook, attributes);
      const response = ask(webhook, attributes);
      if (!response) continue;
      if (!response.allowed) throw refusal(webhook, response);
      const { object } = attributes;
      if (kind !== 'MutatingWebhookConfiguration' || !object) continue;
      const next = patched(object, response);
      if (next === object) continue;
      for (const key in object) if (!(key in next)) delete object[key];
      Object.assign(object, next);
      if (attributes.operation !== 'CONNECT') attributes.request.resource.strategy?.defaults?.(object, attributes.context());
    }
  }
}

export const mutatingWebhooks: Admission = { name: 'MutatingAdmissionWebhook', admit: (attributes) => askAll('MutatingWebhookConfiguration', attributes) };
export const validatingWebhooks: Admission = { name: 'ValidatingAdmissionWebhook', validate: (attributes) => askAll('ValidatingWebhookConfiguration', attributes) };
