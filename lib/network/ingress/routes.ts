// Which backend an Ingress controller picks for a host and a path: the rules of networking.k8s.io/v1, as ingress-nginx has nginx
// follow them.
import type { Ingress } from '../../api/index.ts';

export interface IngressBackend {
  namespace: string;
  service: string;
  port: { name?: string; number?: number };
}

export interface IngressRoute {
  path: string;
  type: 'Exact' | 'Prefix' | 'ImplementationSpecific';
  backend: IngressBackend;
}

/** All routes of one host; `''` answers for hosts that no rule names. */
export interface IngressServer {
  host: string;
  routes: IngressRoute[];
  /** Where everything else goes. */
  fallback?: IngressBackend;
  /** `namespace/name` of the Secret with its certificate. */
  certificate?: string;
  /** It is asked for over TLS: plain HTTP is sent there. */
  tls: boolean;
}

type Backend = NonNullable<Ingress['spec']['defaultBackend']>;

const backendOf = (namespace: string, { service }: Backend): IngressBackend | undefined => service && { namespace, service: service.name, port: service.port ?? {} };

/** The servers of these Ingresses; of two that want the same path the older one has it. */
export function serversOf(ingresses: readonly Ingress[]): Map<string, IngressServer> {
  const servers = new Map<string, IngressServer>([['', { host: '', routes: [], tls: false }]]);
  const sorted = [...ingresses].sort((a, b) => (ageKey(a) < ageKey(b) ? -1 : 1));
  for (const { metadata, spec } of sorted) {
    const namespace = metadata.namespace!;
    const rules = spec.rules ?? [];
    const fallback = spec.defaultBackend && backendOf(namespace, spec.defaultBackend);
    const hosts = rules.length === 0 ? [''] : rules.map(({ host = '' }) => host);
    for (const host of hosts) {
      const server = servers.get(host) ?? { host, routes: [], tls: false };
      servers.set(host, server);
      server.fallback ??= fallback;
    }
    for (const { host = '', http } of rules) for (const path of http?.paths ?? []) add(servers.get(host)!, namespace, path);
    for (const { hosts: secured = hosts, secretName } of spec.tls ?? []) {
      for (const host of secured) {
        const server = servers.get(host);
        if (!server) continue;
        server.tls = true;
        if (secretName) server.certificate ??= `${namespace}/${secretName}`;
      }
    }
  }
  return servers;
}

const ageKey = ({ metadata }: Ingress) => `${metadata.creationTimestamp} ${metadata.namespace}/${metadata.name}`;

type Path = NonNullable<NonNullable<NonNullable<Ingress['spec']['rules']>[number]['http']>['paths']>[number];

function add(server: IngressServer, namespace: string, { path, pathType, backend }: Path): void {
  const to = backendOf(namespace, backend);
  const route = { path: path || '/', type: pathType as IngressRoute['type'] };
  if (to && !server.routes.some((other) => other.path === route.path && other.type === route.type)) server.routes.push({ ...route, backend: to });
}

/** The server of a host: its own, that of a wildcard for one label, the one for all others. */
export function serverFor(servers: ReadonlyMap<string, IngressServer>, host: string): IngressServer {
  return servers.get(host) ?? servers.get(host.replace(/^[^.]+\./, '*.')) ?? servers.get('')!;
}

/** An exact path first, then the longest that it begins with. */
export function routeFor({ routes, fallback }: IngressServer, path: string): IngressBackend | undefined {
  const exact = routes.find((route) => route.type === 'Exact' && route.path === path);
  if (exact) return exact.backend;
  const [best] = routes.filter((route) => route.type !== 'Exact' && begins(route, path)).sort((a, b) => b.path.length - a.path.length);
  return best?.backend ?? fallback;
}

/** Prefixes go by whole elements: /foo is no beginning of /foobar. What is left to the implementation goes by letters in nginx. */
function begins({ type, path: prefix }: IngressRoute, path: string): boolean {
  if (type === 'ImplementationSpecific') return path.startsWith(prefix);
  const whole = prefix.replace(/\/$/, '');
  return path === whole || path.startsWith(`${whole}/`);
}
