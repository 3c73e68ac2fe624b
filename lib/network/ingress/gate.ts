// An Ingress controller at work: requests that come to its pods go on to the pods behind Services, by host and path.
// Differs from Kubernetes: it needs no rights to read the cluster's objects.
import type { EndpointSlice, Ingress, IngressClass, Secret, Service } from '../../api/index.ts';
import type { Cache, Client } from '../../client/index.ts';
import type { Caller, Dial, HttpRequest, HttpResponse, IngressAnswer, IngressGate, IngressOptions } from '../../machine/index.ts';
import { endpointsOf } from '../kube-proxy/endpoints.ts';
import { portKey } from '../kube-proxy/types.ts';
import { type IngressBackend, routeFor, serverFor, serversOf, type IngressServer } from './routes.ts';

export interface GateParts {
  client: Client;
  dial(caller: Caller, ip: string, port: number): Dial;
}

/** How many pods it tries before it gives up: what proxy_next_upstream_tries is. */
const tries = 3;
const annotation = 'kubernetes.io/ingress.class';
const page = (title: string) => `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`;
const failure = (status: number, title: string): IngressAnswer => ({ response: { status, headers: { 'Content-Type': 'text/html' }, body: page(`${status} ${title}`) } });
const selfMade = 'Kubernetes Ingress Controller Fake Certificate';

export class IngressGates {
  readonly #parts: GateParts;
  readonly #ingresses: Cache<Ingress>;
  readonly #classes: Cache<IngressClass>;
  readonly #services: Cache<Service>;
  readonly #slices: Cache<EndpointSlice>;
  readonly #secrets: Cache<Secret>;
  /** By controller class; thrown away when an Ingress or a class changes. */
  #servers = new Map<string, Map<string, IngressServer>>();
  /** Backend → whose turn it is. */
  readonly #turns = new Map<string, number>();
  readonly open = new Map<string, { options: IngressOptions; caller: Caller }>();

  constructor(parts: GateParts) {
    const { client } = (this.#parts = parts);
    this.#ingresses = client.cache('Ingress');
    this.#classes = client.cache('IngressClass');
    this.#services = client.cache('Service');
    this.#slices = client.cache('EndpointSlice');
    this.#secrets = client.cache('Secret');
    for (const cache of [this.#ingresses, this.#classes]) cache.on(() => this.#servers.clear());
  }

  /** Somebody serves Ingresses from a pod. */
  enter(caller: Caller, options: IngressOptions): IngressGate {
    this.open.set(caller.ip, { options, caller });
    return { answer: (request) => this.#answer(request, caller, options), close: () => void this.open.delete(caller.ip) };
  }

  /** True for Ingresses of a class of this controller. */
  isOurs({ metadata, spec }: Ingress, { controllerClass, ingressClass }: Pick<IngressOptions, 'controllerClass' | 'ingressClass'>): boolean {
    const named = metadata.annotations?.[annotation];
    if (named !== undefined) return named === ingressClass;
    return spec.ingressClassName !== undefined && this.#classes.get({ name: spec.ingressClassName })?.spec?.controller === controllerClass;
  }

  #serversOf(options: IngressOptions): Map<string, IngressServer> {
    const key = `${options.controllerClass} ${options.ingressClass}`;
    let servers = this.#servers.get(key);
    if (!servers) this.#servers.set(key, (servers = serversOf([...this.#ingresses].filter((ingress) => this.isOurs(ingress, options)))));
    return servers;
  }

  #answer(request: HttpRequest, caller: Caller, options: IngressOptions): IngressAnswer {
    const host = (request.headers?.['Host'] ?? request.host).replace(/:\d+$/, '');
    const server = serverFor(this.#serversOf(options), host);
    const certificate = request.port === 443 ? { certificate: { subject: this.#subject(server) } } : {};
    const answer = this.#routed(request, { caller, server, host });
    return { ...answer, response: { ...answer.response, ...certificate } };
  }

  #routed(request: HttpRequest, { caller, server, host }: { caller: Caller; server: IngressServer; host: string }): IngressAnswer {
    if (server.tls && request.port !== 443) return { response: { status: 308, headers: { 'Content-Type': 'text/html', Location: `https://${host}${request.path}` }, body: page('308 Permanent Redirect') } };
    const backend = routeFor(server, request.path.replace(/[?#].*$/s, ''));
    if (!backend) return failure(404, 'Not Found');
    const name = `${backend.namespace}-${backend.service}-${backend.port.name ?? backend.port.number}`;
    const addresses = this.#addresses(backend);
    if (addresses.length === 0) return { ...failure(503, 'Service Temporarily Unavailable'), upstream: { name, addresses: [] } };
    return this.#forward(request, { caller, name, addresses });
  }

  /** The pods behind a backend in turn, until one takes the request. */
  #forward(request: HttpRequest, { caller, name, addresses }: { caller: Caller; name: string; addresses: readonly { ip: string; port: number }[] }): IngressAnswer {
    const turn = this.#turns.get(name) ?? 0;
    const tried: string[] = [];
    for (let i = 0; i < Math.min(tries, addresses.length); i++) {
      const { ip, port } = addresses[(turn + i) % addresses.length]!;
      tried.push(`${ip}:${port}`);
      this.#turns.set(name, turn + i + 1);
      const dial = this.#parts.dial(caller, ip, port);
      if (dial.error) continue;
      const headers = { ...request.headers, 'X-Real-IP': request.from, 'X-Forwarded-For': request.from, 'X-Forwarded-Host': request.headers?.['Host'] ?? request.host, 'X-Forwarded-Proto': request.port === 443 ? 'https' : 'http' };
      const response: HttpResponse = dial.listener({ ...request, from: caller.ip, headers });
      return { response, upstream: { name, addresses: tried } };
    }
    return { ...failure(502, 'Bad Gateway'), upstream: { name, addresses: tried } };
  }

  #addresses({ namespace, service, port }: IngressBackend): { ip: string; port: number }[] {
    const object = this.#services.get({ namespace, name: service });
    const found = object?.spec.ports?.find((one) => (port.name ? one.name === port.name : one.port === port.number));
    if (!found) return [];
    const key = `${namespace}/${service}`;
    const slices = [...this.#slices.inNamespace(namespace)].filter(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === service);
    const endpoints = endpointsOf(key, slices).get(portKey({ name: found.name ? `${key}:${found.name}` : key, protocol: found.protocol ?? 'TCP' }));
    return [...(endpoints ?? [])].filter(({ ready }) => ready);
  }

  #subject({ host, certificate }: IngressServer): string {
    const [namespace = '', name = ''] = certificate?.split('/') ?? [];
    const secret = certificate ? this.#secrets.get({ namespace, name }) : undefined;
    return secret?.data?.['tls.crt'] && secret.data['tls.key'] ? host : selfMade;
  }
}
