// A learner's own admission rules: functions that stand for the server behind a Service.
import type { AdmissionReview, ApiServer, CallWebhook } from '../apiserver/index.ts';

/** Answers an AdmissionReview's `request`: allowed or not, why, and a JSON patch as a list of operations. */
export type WebhookHandler = (request: Record<string, any>) => { allowed: boolean; message?: string; code?: number; patch?: readonly object[] };

export interface Webhooks {
  /** Puts a function behind `namespace/service` (and a path, `default/policy/pods`), or behind a URL; undefined takes it away. */
  set(target: string, handler: WebhookHandler | undefined): void;
  call: CallWebhook;
}

/** base64 of UTF-8 text. */
const encoded = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

export function createWebhooks(server: ApiServer): Webhooks {
  const handlers = new Map<string, WebhookHandler>();
  const call: CallWebhook = ({ url, service }, review): AdmissionReview => {
    const name = service && `${service.namespace}/${service.name}`;
    const handler = url ? handlers.get(url) : (handlers.get(`${name}${(service!.path ?? '').replace(/\/$/, '')}`) ?? handlers.get(name!));
    if (service && !server.storage.find(server.resourceOf('Service'), service.namespace, service.name)) throw new Error(`service ${JSON.stringify(service.name)} not found`);
    if (!handler) throw new Error('dial tcp: connect: connection refused');
    const { allowed, message, code, patch } = handler(review.request!);
    const status = message !== undefined || code !== undefined ? { status: { ...(message !== undefined && { message }), ...(code !== undefined && { code }) } } : {};
    return { ...review, response: { uid: review.request!.uid, allowed, ...status, ...(patch?.length && { patchType: 'JSONPatch', patch: encoded(JSON.stringify(patch)) }) } };
  };
  return { set: (target, handler) => void (handler ? handlers.set(target, handler) : handlers.delete(target)), call };
}
