// The services whose endpoints carry hints, and what their users are told of it.
import type { EndpointSlice, Service } from '../../api/index.ts';
import { type Client, type Key, keyOf, keyText } from '../../client/index.ts';
import type { AddressType } from './slice-members.ts';
import type { Changes } from './slices.ts';
import { addHints, overloaded, zoneRatios } from './topology-hints.ts';

export interface HintedServices {
  /** Adds hints to what is going to be written; `own` are the slices that the service has. */
  give(service: Service, type: AddressType, changes: Changes, own: readonly EndpointSlice[]): Changes;
  /** Nobody wants hints any longer. */
  withdraw(service: Service, type: AddressType): void;
  forget(service: string): void;
  /** Services that the nodes' CPUs call for other hints for. */
  nowOverloaded(): Key[];
}

export function createHintedServices(client: Client): HintedServices {
  /** Service and address type → endpoints by zone. */
  const hinted = new Map<string, { key: Key; zones: Map<string, number> }>();
  const textOf = (service: Service, type: AddressType) => `${keyText(service.metadata)} ${type}`;

  return {
    give(service, type, changes, own) {
      const text = textOf(service, type);
      const touched = new Set([...changes.update, ...changes.remove].map(({ metadata }) => metadata.name));
      const unchanged = own.filter(({ metadata }) => !touched.has(metadata.name));
      const { changes: withHints, zones, why } = addHints(changes, unchanged, zoneRatios(client.cache('Node')));
      if (why) tell(service, type, why);
      else if (!hinted.has(text)) tell(service, type, 'Topology Aware Hints has been enabled', 'Normal');
      if (zones) hinted.set(text, { key: keyOf(service), zones });
      else hinted.delete(text);
      return withHints;
    },
    withdraw(service, type) {
      if (hinted.delete(textOf(service, type))) tell(service, type, 'Topology Aware Hints has been disabled');
    },
    forget(service) {
      for (const type of ['IPv4', 'IPv6']) hinted.delete(`${service} ${type}`);
    },
    nowOverloaded() {
      if (hinted.size === 0) return [];
      const ratios = zoneRatios(client.cache('Node'));
      return [...hinted.values()].filter(({ zones }) => overloaded(zones, ratios)).map(({ key }) => key);
    },
  };

  function tell(service: Service, type: AddressType, message: string, kind: 'Normal' | 'Warning' = 'Warning'): void {
    if (client.version.has('topology-events')) client.event(service, kind, kind === 'Normal' ? 'TopologyAwareHintsEnabled' : 'TopologyAwareHintsDisabled', `${message}, addressType: ${type}`);
  }
}
