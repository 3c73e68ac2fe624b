// /healthz, /livez and /readyz: the checks in the order in which a server runs them. Only etcd's can fail.
import type { HttpResponse } from './http.ts';

const hooks = `
start-kube-apiserver-admission-initializer
generic-apiserver-start-informers
priority-and-fairness-config-consumer
priority-and-fairness-filter
start-apiextensions-informers
start-apiextensions-controllers
crd-informer-synced
bootstrap-controller
rbac/bootstrap-roles
scheduling/bootstrap-system-priority-classes
priority-and-fairness-config-producer
start-cluster-authentication-info-controller
start-kube-aggregator-informers
apiservice-registration-controller
apiservice-status-available-controller
kube-apiserver-autoregistration
autoregister-completion
apiservice-openapi-controller`
  .trim()
  .split('\n')
  .map((name) => (name === 'autoregister-completion' ? name : `poststarthook/${name}`));

/** Differs from Kubernetes: releases after v1.20 have a few more checks. */
const checksOf: Record<string, string[]> = {
  healthz: ['ping', 'log', 'etcd', ...hooks],
  livez: ['ping', 'log', 'etcd', ...hooks],
  readyz: ['ping', 'log', 'etcd', 'informer-sync', ...hooks, 'shutdown'],
};

/** Every path of a check. */
export const healthPaths: readonly string[] = Object.entries(checksOf).flatMap(([name, checks]) => [`/${name}`, ...checks.map((check) => `/${name}/${check}`)]);

/** The answer to a question about health; undefined when the path asks for something else. `etcdFails`: etcd cannot be written. */
export function healthOf({ pathname, searchParams }: URL, etcdFails = false): HttpResponse | undefined {
  if (!healthPaths.includes(pathname)) return undefined;
  const name = pathname.slice(1);
  const checks = checksOf[name];
  if (!checks && etcdFails && name.endsWith('/etcd')) return { code: 500, body: 'internal server error: error getting data from etcd: context deadline exceeded\n' };
  if (!checks) return { code: 200, body: 'ok' };
  const excluded = new Set(searchParams.getAll('exclude'));
  const failed = etcdFails && !excluded.has('etcd');
  if (!failed && !searchParams.has('verbose')) return { code: 200, body: 'ok' };
  const lines = checks.map((check) => (excluded.delete(check) ? `[+]${check} excluded: ok\n` : failed && check === 'etcd' ? `[-]${check} failed: reason withheld\n` : `[+]${check} ok\n`));
  if (excluded.size > 0) lines.push(`warn: some health checks cannot be excluded: no matches for ${[...excluded].map((check) => JSON.stringify(check)).join(', ')}\n`);
  return { code: failed ? 500 : 200, body: `${lines.join('')}${name} check ${failed ? 'failed' : 'passed'}\n` };
}
