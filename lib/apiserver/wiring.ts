// Hands the parts of an API server what they share.
import { type Clock, type Random, timestamp } from '../sim/index.ts';
import type { EventLeases } from './event-leases.ts';
import type { ServerParts } from './parts.ts';
import type { ApiServer } from './server.ts';
import type { ServiceAddresses } from './service-addresses.ts';

export interface Wires {
  clock: Clock;
  random: Random;
  /** `10.96.0.0/16`, or one range of each family with a comma between them. */
  serviceCIDR: string;
  addresses: ServiceAddresses;
  events: EventLeases;
}

export function partsOf(server: ApiServer, { clock, random, serviceCIDR, addresses, events }: Wires): ServerParts {
  return {
    get certificates() {
      return server.certificates;
    },
    storage: server.storage,
    version: server.version,
    ipFamilies: serviceCIDR.split(',').map((cidr) => (cidr.includes(':') ? 'IPv6' : 'IPv4')),
    callWebhook: (...call) => server.callWebhook(...call),
    loopback: (request) => server.handle(request),
    authorizer: () => server.authorizer,
    random,
    clock: {
      get now() {
        return clock.now;
      },
      timestamp: () => timestamp(clock.now),
    },
    find: (kind, { namespace, name }) => server.storage.find(server.resourceOf(kind), namespace, name),
    resourceOf: (kind) => server.resourceOf(kind),
    storedVersion: (resource) => server.storedVersion(resource),
    leaseFor: (resource) => (resource.kind === 'Event' ? events.current() : 0),
    allocates: (resource) => resource.kind === 'Service',
    allocate: (resource, object, options) => (resource.kind === 'Service' ? addresses.around(resource, object, options) : options.write()),
    released: (resource, object) => {
      if (resource.kind === 'Service') addresses.release(object);
    },
  };
}
