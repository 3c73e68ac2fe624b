// What has to change among the slices of a service that hold addresses of one type.
import { type EndpointSlice, equal, type Service } from '../../api/index.ts';
import { isHeadless } from './ports.ts';
import { type Changes, type Desired, placeEndpoints, portsKey } from './slices.ts';

const headlessLabel = 'service.kubernetes.io/headless';
const reserved = new Set(['kubernetes.io/service-name', 'endpointslice.kubernetes.io/managed-by', headlessLabel]);

export interface PlanOptions {
  maxEndpointsPerSlice: number;
  /** Hints are given afterwards: they are no reason to write an endpoint. */
  withHints: boolean;
  /** Whether the empty slice of a service without endpoints may stay as it is; its labels are right. */
  mayKeepEmpty(slice: EndpointSlice): boolean;
}

/** `desired` is by ports. */
export function planSlices(service: Service, existing: readonly EndpointSlice[], desired: ReadonlyMap<string, Desired>, { maxEndpointsPerSlice, withHints, mayKeepEmpty }: PlanOptions): Changes {
  const labels = labelsOf(service);
  const own = existing.filter((slice) => belongsTo(slice, service));
  const changes: Changes = { create: [], update: [], remove: existing.filter((slice) => !own.includes(slice)) };
  for (const [key, group] of desired) {
    const same = own.filter(({ ports }) => portsKey(ports) === key).map((slice) => (withHints ? withoutHints(slice) : slice));
    const placed = placeEndpoints(group, same, maxEndpointsPerSlice);
    changes.create.push(...placed.create);
    changes.update.push(...placed.update, ...relabelled(same, placed, labels));
    changes.remove.push(...placed.remove);
  }
  changes.remove.push(...own.filter(({ ports }) => !desired.has(portsKey(ports))));
  if (existing.length === changes.remove.length && changes.create.length === 0) {
    keepEmptySlice(changes, own, (slice) => sameLabels(slice, labels) && mayKeepEmpty(slice));
  }
  return changes;
}

export function belongsTo({ metadata }: EndpointSlice, service: Service): boolean {
  return metadata.ownerReferences?.some(({ uid }) => uid === service.metadata.uid) === true;
}

export function labelsOf(service: Service): Record<string, string> {
  return { ...plainLabels(service.metadata.labels), ...(isHeadless(service) && { [headlessLabel]: '' }) };
}

/** A service without endpoints has one empty slice, to show that it was looked at. */
function keepEmptySlice(changes: Changes, own: readonly EndpointSlice[], isRight: (slice: EndpointSlice) => boolean): void {
  const empty = changes.remove.find((slice) => own.includes(slice) && !slice.ports?.length && !slice.endpoints?.length);
  if (empty && isRight(empty)) changes.remove.splice(changes.remove.indexOf(empty), 1);
  else changes.create.push({ ports: [], endpoints: [] });
}

/** Slices that are as they should be but for labels that the service has changed. */
function relabelled(slices: readonly EndpointSlice[], { update, remove }: Changes, labels: Record<string, string>): EndpointSlice[] {
  const touched = new Set([...update, ...remove].map(({ metadata }) => metadata.name));
  return slices.filter((slice) => !touched.has(slice.metadata.name) && !sameLabels(slice, labels));
}

function sameLabels({ metadata }: EndpointSlice, labels: Record<string, string>): boolean {
  return equal(plainLabels(metadata.labels), plainLabels(labels));
}

function plainLabels(labels: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([label]) => !reserved.has(label)));
}

function withoutHints(slice: EndpointSlice): EndpointSlice {
  return slice.endpoints?.some(({ hints }) => hints) ? { ...slice, endpoints: slice.endpoints.map(({ hints: _, ...endpoint }) => endpoint) } : slice;
}
