// What a kube-proxy answers load balancers that ask how it is: on its own port, and on the health check ports of Services
// that want their traffic to stay on the node (pkg/proxy/healthcheck).
import type { HttpRequest, HttpResponse } from '../../machine/index.ts';
import type { Version } from '../../api/index.ts';
import { localEndpoints } from './changes.ts';
import type { ServiceStore } from './service-store.ts';

const ownPort = 10256;
/** Where it says what it does; only the host itself hears it. */
const metricsPort = 10249;

export interface HealthParts {
  port: number;
  node: string;
  store: ServiceStore;
  version: Version;
  now(): string;
  /** `iptables`, `ipvs` …, in the words of its flag. */
  mode: string;
  /** Asked by a loopback address of the host. */
  local: boolean;
}

/** undefined: nothing listens on the port. */
export function healthListener({ port, node, store, version, now, mode, local }: HealthParts): ((request: HttpRequest) => HttpResponse) | undefined {
  if (port === ownPort) return ({ path }) => (path === '/healthz' ? json(200, own(version, now())) : { status: 404, body: '404 page not found\n' });
  if (port === metricsPort) return local ? ({ path }) => about(path, mode) : undefined;
  store.refresh();
  const ports = [...store.ports.values()].filter(({ healthCheckNodePort }) => healthCheckNodePort === port);
  if (ports.length === 0) return undefined;
  const { service } = ports[0]!;
  const endpoints = new Map(ports.map(({ key }) => [key, store.endpoints.get(key) ?? []]));
  const count = localEndpoints({ ports: store.ports, endpoints }, { hostname: node })[service] ?? 0;
  return () => json(count > 0 ? 200 : 503, ofService(service, count, version));
}

/** Differs from Kubernetes: it counts nothing, so there are no metrics. */
function about(path: string, mode: string): HttpResponse {
  if (path === '/proxyMode') return { status: 200, body: mode, headers: { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' } };
  return path === '/healthz' ? { status: 200, body: 'ok', headers: { 'Content-Type': 'text/plain; charset=utf-8' } } : { status: 404, body: '404 page not found\n' };
}

const json = (status: number, body: string): HttpResponse => ({ status, body, headers: { 'Content-Type': 'application/json', 'X-Content-Type-Options': 'nosniff' } });

function own(version: Version, now: string): string {
  const time = JSON.stringify(now.replace('T', ' ').replace('Z', ' +0000 UTC'));
  return `{"lastUpdated": ${time},"currentTime": ${time}${version.has('proxy-node-eligible') ? ', "nodeEligible": true' : ''}}`;
}

function ofService(service: string, localEndpoints: number, version: Version): string {
  const [namespace, name] = service.split('/');
  const more = version.has('health-check-of-proxy') ? ',\n\t"serviceProxyHealthy": true' : '';
  return `{\n\t"service": {\n\t\t"namespace": "${namespace}",\n\t\t"name": "${name}"\n\t},\n\t"localEndpoints": ${localEndpoints}${more}\n}`;
}
