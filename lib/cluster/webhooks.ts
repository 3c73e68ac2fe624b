// Who answers a webhook: a pod behind the Service that it names, or a learner's function that stands for one.
import type { ApiServer, CallWebhook, Review } from '../apiserver/index.ts';
import type { Dial, DialError } from '../machine/index.ts';

/** Answers an AdmissionReview's `request`: allowed or not, why, and a JSON patch as a list of operations. */
export type WebhookHandler = (request: Record<string, any>) => { allowed: boolean; message?: string; code?: number; patch?: readonly object[] };

export interface Webhooks {
  /** Puts a function behind `namespace/service` (and a path, `default/policy/pods`), or behind a URL; undefined takes it away. */
  set(target: string, handler: WebhookHandler | undefined): void;
  call: CallWebhook;
}

/** Connects from the machine of the API server. */
type Connect = (ip: string, port: number) => Dial;

/** base64 of UTF-8 text. */
const encoded = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

const reasons: Record<DialError, string> = { refused: 'connect: connection refused', timeout: 'i/o timeout', unreachable: 'connect: no route to host', 'no-such-host': 'no such host', closed: 'EOF' };

export function createWebhooks(server: ApiServer, connect: Connect): Webhooks {
  const handlers = new Map<string, WebhookHandler>();
  const call: CallWebhook = ({ url, service, caBundle }, review, timeout) => {
    const name = service && `${service.namespace}/${service.name}`;
    const handler = url ? handlers.get(url) : (handlers.get(`${name}${(service!.path ?? '').replace(/\/$/, '')}`) ?? handlers.get(name!));
    const found = service && server.storage.find(server.resourceOf('Service'), service.namespace, service.name);
    if (service && !found) throw new Error(`service ${JSON.stringify(service.name)} not found`);
    if (handler) return answered(handler, review);
    const host = service ? `${service.name}.${service.namespace}.svc` : new URL(url!).hostname;
    const port = service ? (service.port ?? 443) : Number(new URL(url!).port || 443);
    const path = service ? service.path || '/' : new URL(url!).pathname;
    return posted({ ip: found?.spec.clusterIP ?? host, port, host, path, trusted: !service || Boolean(caBundle) }, review, timeout);
  };

  /** Differs from Kubernetes: the pods speak without TLS, so that any caBundle will do, and the write takes no time. */
  function posted({ ip, port, host, path, trusted }: { ip: string; port: number; host: string; path: string; trusted: boolean }, review: Review, timeout: number): Review {
    const end = connect(ip, port);
    if (end.error === 'timeout') throw new Error('context deadline exceeded');
    if (end.error) throw new Error(end.error === 'no-such-host' ? `dial tcp: lookup ${host}: ${reasons[end.error]}` : `dial tcp ${ip}:${port}: ${reasons[end.error]}`);
    if (!trusted) throw new Error(`${server.version.has('tls-error-context') ? 'tls: failed to verify certificate: ' : ''}x509: certificate signed by unknown authority`);
    const headers = { 'Content-Type': 'application/json', Accept: 'application/json' };
    const { status, body, delay = 0 } = end.listener({ method: 'POST', path: `${path}?timeout=${timeout}s`, host, port, from: end.from ?? '', headers, body: JSON.stringify(review) });
    if (delay >= timeout * 1000) throw new Error('context deadline exceeded');
    if (status === 404) throw new Error('the server could not find the requested resource');
    if (status !== 200) throw new Error(`an error on the server (${JSON.stringify(body.trim())}) has prevented the request from succeeding`);
    return JSON.parse(body) as Review;
  }

  return { set: (target, handler) => void (handler ? handlers.set(target, handler) : handlers.delete(target)), call };
}

function answered(handler: WebhookHandler, review: Review): Review {
  const { allowed, message, code, patch } = handler(review.request!);
  const status = message !== undefined || code !== undefined ? { status: { ...(message !== undefined && { message }), ...(code !== undefined && { code }) } } : {};
  return { ...review, response: { uid: review.request!.uid, allowed, ...status, ...(patch?.length && { patchType: 'JSONPatch', patch: encoded(JSON.stringify(patch)) }) } };
}
