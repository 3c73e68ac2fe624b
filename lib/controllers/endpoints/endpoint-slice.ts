import { type EndpointSlice, equal, type Service } from '../../api/index.ts';
import type { Client, Controller, Key } from '../../client/index.ts';
import { forMapped, keyOf, keyText } from '../../client/index.ts';
import { hasSelector, serviceMembers } from './members.ts';
import { isHeadless } from './ports.ts';
import { type AddressType, createSliceMembers, MissingNode } from './slice-members.ts';
import { type Changes, placeEndpoints, portsKey } from './slices.ts';
import { createSliceWriter, SliceWriteError } from './slice-writer.ts';
import { addHints, overloaded, wantsHints, zoneRatios } from './topology-hints.ts';
import { createTriggerTimes, withTriggerTime } from './trigger-times.ts';

export interface EndpointSliceOptions {
  maxEndpointsPerSlice?: number;
}

const headlessLabel = 'service.kubernetes.io/headless';
const reserved = new Set(['kubernetes.io/service-name', 'endpointslice.kubernetes.io/managed-by', headlessLabel]);

/** The first wait after a failed write (milliseconds). */
const firstRetry = 1000;

/** Keeps EndpointSlices for each service with a selector (pkg/controller/endpointslice). */
export function endpointSliceController(client: Client, { maxEndpointsPerSlice = 100 }: EndpointSliceOptions = {}): Controller {
  const members = serviceMembers(client);
  const writer = createSliceWriter(client, 'endpointslice-controller.k8s.io');
  const sliceMembers = createSliceMembers(client);
  /** Service and address type → endpoints by zone, where hints are in use. */
  const hinted = new Map<string, { key: Key; zones: Map<string, number> }>();
  const failures = new Map<string, number>();
  const triggerTimes = createTriggerTimes();
  /** Nodes are listened to from when somebody wants hints. */
  let watchNodes: (() => void) | undefined;

  return {
    name: 'endpointslice',
    watches: [...members.watches, forMapped('EndpointSlice', (event) => writer.observe(event))],
    start(follow) {
      watchNodes = () => {
        watchNodes = undefined;
        follow(forMapped('Node', () => nowOverloaded()));
      };
    },
    reconcile(request) {
      const service = client.find('Service', request);
      if (!service) forget(keyText(request));
      if (!service || !hasSelector(service) || writer.pending(request)) return;
      try {
        syncAll(service, request);
        failures.delete(keyText(request));
      } catch (error) {
        if (!(error instanceof SliceWriteError || error instanceof MissingNode)) throw error;
        return retry(service, error);
      }
    },
  };

  function forget(key: string): void {
    failures.delete(key);
    triggerTimes.forget(key);
    for (const type of ['IPv4', 'IPv6']) hinted.delete(`${key} ${type}`);
  }

  /** Slices are many writes: this controller waits longer than others before it tries again. */
  function retry(service: Service, { message }: Error): { requeueAfter: number } {
    const key = keyText(service.metadata);
    client.event(service, 'Warning', 'FailedToUpdateEndpointSlices', `Error updating Endpoint Slices for Service ${key}: ${message}`);
    const before = failures.get(key) ?? 0;
    failures.set(key, before + 1);
    return { requeueAfter: Math.min(firstRetry * 2 ** before, client.version.has('endpointslice-retry-1000s') ? 1_000_000 : 100_000) };
  }

  function syncAll(service: Service, request: Key): void {
    const triggered = triggerTimes.next(service, members.of(service.metadata));
    const existing = writer.slicesOf(request);
    const types = addressTypes(service);
    const missing: MissingNode[] = [];
    for (const type of types) missing.push(...sync(service, { existing: existing.filter(({ addressType }) => addressType === type), type, triggered }));
    const unsupported = existing.filter(({ addressType }) => !types.includes(addressType as AddressType));
    if (unsupported.length > 0) writer.apply(service, { addressType: 'IPv4', labels: {} }, { create: [], update: [], remove: unsupported });
    if (missing.length > 0) throw new MissingNode(aggregate(missing));
  }

  /** Gives what kept it from taking all pods in. */
  function sync(service: Service, { existing, type, triggered }: { existing: EndpointSlice[]; type: AddressType; triggered: string | undefined }): MissingNode[] {
    const { groups: desired, missing } = sliceMembers.desired(service, members.of(service.metadata), type);
    const labels = labelsOf(service);
    const own = existing.filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === service.metadata.uid));
    const changes: Changes = { create: [], update: [], remove: existing.filter((slice) => !own.includes(slice)) };
    const auto = wantsHints(service, client.version);
    for (const [key, group] of desired) {
      // Hints are given afterwards: they are no reason to write an endpoint.
      const same = own.filter(({ ports }) => portsKey(ports) === key).map((slice) => (auto ? bare(slice) : slice));
      const placed = placeEndpoints(group, same, maxEndpointsPerSlice);
      changes.create.push(...placed.create);
      changes.update.push(...placed.update, ...relabelled(same, placed, labels));
      changes.remove.push(...placed.remove);
    }
    changes.remove.push(...own.filter(({ ports }) => !desired.has(portsKey(ports))));
    const annotate = (annotations?: Record<string, string>) => withTriggerTime(annotations, triggered);
    if (existing.length === changes.remove.length && changes.create.length === 0) keepEmptySlice(changes, { own, labels, annotations: annotate() });
    writer.apply(service, { addressType: type, labels, annotate }, auto ? hintsFor(service, { type, changes, own }) : unhinted(service, type, changes));
    return missing;
  }

  /** A service without endpoints has one empty slice, to show that it was looked at. */
  function keepEmptySlice(changes: Changes, { own, labels, annotations }: { own: readonly EndpointSlice[]; labels: Record<string, string>; annotations: Record<string, string> }): void {
    const empty = changes.remove.find((slice) => own.includes(slice) && !slice.ports?.length && !slice.endpoints?.length);
    const isRight = empty && equal(plainLabels(empty.metadata.labels), plainLabels(labels)) && (client.version.has('endpointslice-placeholder-kept') || equal(empty.metadata.annotations ?? {}, annotations));
    if (isRight) changes.remove.splice(changes.remove.indexOf(empty), 1);
    else changes.create.push({ ports: [], endpoints: [] });
  }

  function hintsFor(service: Service, { type, changes, own }: { type: AddressType; changes: Changes; own: readonly EndpointSlice[] }): Changes {
    watchNodes?.();
    const key = `${keyText(service.metadata)} ${type}`;
    const touched = new Set([...changes.update, ...changes.remove].map(({ metadata }) => metadata.name));
    const ratios = zoneRatios(client.cache('Node'));
    const { changes: out, zones, why } = addHints(changes, own.filter(({ metadata }) => !touched.has(metadata.name)), ratios);
    if (why) told(service, type, why);
    else if (!hinted.has(key)) told(service, type, 'Topology Aware Hints has been enabled', 'Normal');
    if (zones) hinted.set(key, { key: keyOf(service), zones });
    else hinted.delete(key);
    return out;
  }

  /** Nobody wants hints any longer. */
  function unhinted(service: Service, type: AddressType, changes: Changes): Changes {
    if (hinted.delete(`${keyText(service.metadata)} ${type}`)) told(service, type, 'Topology Aware Hints has been disabled');
    return changes;
  }

  function told(service: Service, type: AddressType, message: string, kind: 'Normal' | 'Warning' = 'Warning'): void {
    if (client.version.has('topology-events')) client.event(service, kind, kind === 'Normal' ? 'TopologyAwareHintsEnabled' : 'TopologyAwareHintsDisabled', `${message}, addressType: ${type}`);
  }

  /** Services that the nodes' CPUs call for other hints for. */
  function nowOverloaded(): Key[] {
    if (hinted.size === 0) return [];
    const ratios = zoneRatios(client.cache('Node'));
    return [...hinted.values()].filter(({ zones }) => overloaded(zones, ratios)).map(({ key }) => key);
  }
}

/** As Go prints several errors. */
function aggregate(errors: readonly Error[]): string {
  const messages = [...new Set(errors.map(({ message }) => message))];
  return messages.length === 1 ? messages[0]! : `[${messages.join(', ')}]`;
}

function bare(slice: EndpointSlice): EndpointSlice {
  return slice.endpoints?.some(({ hints }) => hints) ? { ...slice, endpoints: slice.endpoints.map(({ hints: _, ...endpoint }) => endpoint) } : slice;
}

/** Without families (before dual stack) a headless service may have both. */
function addressTypes({ spec }: Service): AddressType[] {
  if (spec.ipFamilies?.length) return spec.ipFamilies as AddressType[];
  if (spec.clusterIP && spec.clusterIP !== 'None') return [spec.clusterIP.includes(':') ? 'IPv6' : 'IPv4'];
  return ['IPv4', 'IPv6'];
}

function labelsOf(service: Service): Record<string, string> {
  return { ...plainLabels(service.metadata.labels), ...(isHeadless(service) && { [headlessLabel]: '' }) };
}

/** Slices that are as they should be but for labels that the service has changed. */
function relabelled(slices: readonly EndpointSlice[], { update, remove }: Changes, labels: Record<string, string>): EndpointSlice[] {
  const touched = new Set([...update, ...remove].map(({ metadata }) => metadata.name));
  return slices.filter(({ metadata }) => !touched.has(metadata.name) && !equal(plainLabels(metadata.labels), plainLabels(labels)));
}

function plainLabels(labels: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([label]) => !reserved.has(label)));
}
