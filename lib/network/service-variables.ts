// What containers find of Services in their environment.
import type { Service } from '../api/index.ts';
import type { Cache } from '../client/index.ts';

export class ServiceVariables {
  readonly #services: Cache<Service>;
  readonly #ofNamespace = new Map<string, Readonly<Record<string, string>>>();

  constructor(services: Cache<Service>) {
    this.#services = services;
    services.on(() => this.#ofNamespace.clear());
  }

  /** `WEB_SERVICE_HOST`, `WEB_PORT_80_TCP` …: Services that exist when a container starts, of its namespace, and the API server's. */
  of(namespace: string): Readonly<Record<string, string>> {
    let variables = this.#ofNamespace.get(namespace);
    if (!variables) this.#ofNamespace.set(namespace, (variables = this.#read(namespace)));
    return variables;
  }

  #read(namespace: string): Readonly<Record<string, string>> {
    const out: Record<string, string> = {};
    const apiServer = this.#services.get({ namespace: 'default', name: 'kubernetes' });
    if (apiServer) add(out, apiServer);
    for (const service of this.#services.inNamespace(namespace)) add(out, service);
    return Object.freeze(out);
  }
}

function add(out: Record<string, string>, { metadata, spec }: Service): void {
  const { clusterIP, ports = [] } = spec;
  if (!clusterIP || clusterIP === 'None' || ports.length === 0) return;
  const name = metadata.name.toUpperCase().replaceAll('-', '_');
  out[`${name}_SERVICE_HOST`] = clusterIP;
  out[`${name}_SERVICE_PORT`] = String(ports[0]!.port);
  for (const port of ports) if (port.name) out[`${name}_SERVICE_PORT_${port.name.toUpperCase().replaceAll('-', '_')}`] = String(port.port);
  for (const [i, { port, protocol = 'TCP' }] of ports.entries()) {
    const url = `${protocol.toLowerCase()}://${clusterIP}:${port}`;
    if (i === 0) out[`${name}_PORT`] = url;
    const prefix = `${name}_PORT_${port}_${protocol}`;
    Object.assign(out, { [prefix]: url, [`${prefix}_PROTO`]: protocol.toLowerCase(), [`${prefix}_PORT`]: String(port), [`${prefix}_ADDR`]: clusterIP });
  }
}
