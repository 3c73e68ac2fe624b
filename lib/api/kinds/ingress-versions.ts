// Backends of an Ingress: `service: { name, port }` in v1, `serviceName` and `servicePort` in v1beta1.
import type { KubeObject } from '../types.ts';

type Loose = Record<string, any>;

function newBackend({ serviceName, servicePort, resource }: Loose): Loose {
  if (resource) return { resource };
  if (!serviceName && servicePort === undefined) return {};
  return { service: { name: serviceName ?? '', port: typeof servicePort === 'string' ? { name: servicePort } : servicePort ? { number: servicePort } : {} } };
}

const oldBackend = ({ service, resource }: Loose): Loose => ({ ...(resource && { resource }), ...(service && { serviceName: service.name, servicePort: service.port?.name || service.port?.number || 0 }) });

function withBackends(spec: Loose, { backend, from, to, pathType }: { backend: (old: Loose) => Loose; from: string; to: string; pathType?: string }): Loose {
  const { [from]: first, rules, ...rest } = spec;
  const path = (one: Loose) => ({ ...one, ...(pathType && { pathType: one.pathType ?? pathType }), backend: backend(one.backend ?? {}) });
  const rule = (one: Loose) => (one.http ? { ...one, http: { ...one.http, paths: (one.http.paths ?? []).map(path) } } : one);
  return { ...rest, ...(first && { [to]: backend(first) }), ...(rules && { rules: rules.map(rule) }) };
}

/** Paths of old versions need not say how they match. */
export function convertIngress(object: KubeObject, apiVersion: string): KubeObject {
  const [old, wantsOld] = [object.apiVersion, apiVersion].map((version) => version.endsWith('/v1beta1'));
  if (old === wantsOld || !object.spec) return { ...object, apiVersion };
  const spec = old ? withBackends(object.spec, { backend: newBackend, from: 'backend', to: 'defaultBackend', pathType: 'ImplementationSpecific' }) : withBackends(object.spec, { backend: oldBackend, from: 'defaultBackend', to: 'backend' });
  return { ...object, apiVersion, spec };
}
