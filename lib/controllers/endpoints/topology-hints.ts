// Which zone each endpoint is for, so that every zone has as many as its share of the cluster's CPUs (KEP-2433,
// endpointslice/topologycache).
import { type EndpointSlice, cpuMilli, type Node, type Service, type Version } from '../../api/index.ts';
import type { Changes, Endpoint } from './slices.ts';

/** How much more an endpoint may get than its share. */
const overloadThreshold = 0.2;

/** Zone → its share of all CPUs; undefined where a node has no zone, or all are in one. */
export type Ratios = ReadonlyMap<string, number>;

const controlPlane = ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'];

export function zoneRatios(nodes: Iterable<Node>): Ratios | undefined {
  const cpus = new Map<string, number>();
  for (const { metadata, status } of nodes) {
    const ready = status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True');
    if (!ready || controlPlane.some((label) => label in (metadata.labels ?? {}))) continue;
    const zone = metadata.labels?.['topology.kubernetes.io/zone'];
    const cpu = cpuMilli(status.allocatable?.['cpu'] ?? '0');
    if (!zone || cpu === 0) return undefined;
    cpus.set(zone, (cpus.get(zone) ?? 0) + cpu);
  }
  const total = [...cpus.values()].reduce((sum, cpu) => sum + cpu, 0);
  return cpus.size < 2 ? undefined : new Map([...cpus].map(([zone, cpu]) => [zone, cpu / total]));
}

interface Allocation {
  minimum: number;
  maximum: number;
  desired: number;
}

const isReady = ({ conditions }: Endpoint) => conditions?.ready === true;
const readyOf = (slices: readonly { endpoints?: readonly Endpoint[] | null }[]) => slices.flatMap(({ endpoints }) => (endpoints ?? []).filter(isReady));
const zonesOf = ({ hints }: Endpoint) => (hints?.forZones ?? []).map(({ name }) => name);

/** Why there can be no hints; otherwise the share of each zone. */
function allocate(count: number, ratios: Ratios | undefined): string | Map<string, Allocation> {
  if (!ratios) return 'Insufficient Node information: allocatable CPU or zone not specified on one or more nodes';
  const numbers = `(${count} endpoints, ${ratios.size} zones)`;
  if (ratios.size > count) return `Insufficient number of endpoints ${numbers}`;
  const shares = [...ratios].map(([zone, ratio]) => {
    const minimum = Math.ceil(ratio * count * (1 / (1 + overloadThreshold)));
    return { zone, minimum, desired: Math.max(ratio * count, minimum) };
  });
  const least = shares.reduce((sum, { minimum }) => sum + minimum, 0);
  if (least > count) return `Unable to allocate minimum required endpoints to each zone without exceeding overload threshold ${numbers}`;
  return new Map(shares.map(({ zone, minimum, desired }) => [zone, { minimum, desired, maximum: minimum + count - least }]));
}

export interface Hinted {
  changes: Changes;
  /** Endpoints by zone; undefined: there are no hints. */
  zones?: Map<string, number>;
  why?: string;
}

/** `unchanged` are slices as they are stored, with the hints that they have. */
export function addHints(changes: Changes, unchanged: readonly EndpointSlice[], ratios: Ratios | undefined): Hinted {
  const allocations = allocate(readyOf([...changes.create, ...changes.update, ...unchanged]).length, ratios);
  if (typeof allocations === 'string') return { changes: withoutHints(changes, unchanged), why: allocations };
  const zones = new Map<string, number>();
  const update = [...changes.update];
  for (const slice of unchanged) {
    const counts = stillFits(slice, zones, allocations);
    if (!counts) update.push(slice);
    else for (const [zone, count] of counts) zones.set(zone, (zones.get(zone) ?? 0) + count);
  }
  const open = [...changes.create, ...update];
  if (readyOf(open).some((endpoint) => !zoneOf(endpoint))) return { changes: withoutHints(changes, unchanged), why: 'One or more endpoints do not have a zone specified' };
  for (const endpoint of readyOf(open)) zones.set(zoneOf(endpoint)!, (zones.get(zoneOf(endpoint)!) ?? 0) + 1);
  const moved = moves(allocations, zones);
  const hinted = <T extends { endpoints: Endpoint[] | null }>(slice: T): T => ({ ...slice, endpoints: (slice.endpoints ?? []).map((endpoint) => withHint(endpoint, moved, zones)) });
  const out = { ...changes, create: changes.create.map(hinted), update: update.map(hinted) };
  return zones.size === 0 ? { changes: out, why: 'No hints allocated for zones' } : { changes: out, zones };
}

const zoneOf = (endpoint: Endpoint) => (endpoint as { zone?: string }).zone;

function withHint({ hints: _, ...endpoint }: Endpoint, { give, receive }: Moves, zones: Map<string, number>): Endpoint {
  if (!isReady(endpoint)) return endpoint;
  const zone = zoneOf(endpoint)!;
  const left = give.get(zone) ?? 0;
  const other = left > 0 ? [...receive].find(([, count]) => count > 0)?.[0] : undefined;
  if (other) {
    give.set(zone, left - 1);
    receive.set(other, receive.get(other)! - 1);
    zones.set(zone, zones.get(zone)! - 1);
    zones.set(other, (zones.get(other) ?? 0) + 1);
  }
  return { ...endpoint, hints: { forZones: [{ name: other ?? zone }] } };
}

/** How many of a slice are for each zone; undefined when it has to be written anew. */
function stillFits({ endpoints }: EndpointSlice, zones: ReadonlyMap<string, number>, allocations: ReadonlyMap<string, Allocation>): Map<string, number> | undefined {
  const counts = new Map<string, number>();
  for (const endpoint of (endpoints ?? []).filter(isReady)) {
    const names = zonesOf(endpoint);
    if (names.length === 0 || names.some((name) => !allocations.has(name))) return undefined;
    for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].some(([zone, count]) => count + (zones.get(zone) ?? 0) > allocations.get(zone)!.maximum) ? undefined : counts;
}

interface Moves {
  give: Map<string, number>;
  receive: Map<string, number>;
}

/** One by one from the zone that has most over to the one that lacks most, until that would help nobody. */
function moves(allocations: ReadonlyMap<string, Allocation>, zones: ReadonlyMap<string, number>): Moves {
  const over = new Map([...allocations].map(([zone, { desired }]): [string, number] => [zone, (zones.get(zone) ?? 0) - desired]));
  const out: Moves = { give: new Map(), receive: new Map() };
  const most = (sign: 1 | -1) => [...over].reduce<[string, number]>((best, [zone, count]) => (sign * count > best[1] ? [zone, sign * count] : best), ['', 0]);
  for (;;) {
    const [[giver, given], [taker, taken]] = [most(1), most(-1)];
    if (!giver || !taker || (given < 1 && taken < 1) || given < 0.5 || taken < 0.5) return out;
    out.give.set(giver, (out.give.get(giver) ?? 0) + 1);
    out.receive.set(taker, (out.receive.get(taker) ?? 0) + 1);
    over.set(giver, given - 1);
    over.set(taker, 1 - taken);
  }
}

function withoutHints(changes: Changes, unchanged: readonly EndpointSlice[]): Changes {
  const bare = ({ hints: _, ...endpoint }: Endpoint): Endpoint => endpoint;
  const stripped = unchanged.filter(({ endpoints }) => endpoints?.some(({ hints }) => hints)).map((slice) => ({ ...slice, endpoints: slice.endpoints.map(bare) }));
  return { ...changes, update: [...changes.update, ...stripped] };
}

/** True when some zone has fewer endpoints than it needs. */
export function overloaded(zones: ReadonlyMap<string, number>, ratios: Ratios | undefined): boolean {
  if (!ratios) return zones.size > 0;
  const total = [...zones.values()].reduce((sum, count) => sum + count, 0);
  return total > 0 && [...ratios].some(([zone, ratio]) => (zones.get(zone) ?? 0) < Math.ceil(total * ratio * (1 / (1 + overloadThreshold))));
}

/** Whether a service asks for hints. */
export function wantsHints({ metadata: { annotations = {} } }: Service, version: Version): boolean {
  const said = annotations['service.kubernetes.io/topology-aware-hints'] ?? (version.has('topology-mode') ? annotations['service.kubernetes.io/topology-mode'] : undefined);
  return version.has('topology-aware-hints') && (said === 'Auto' || said === 'auto');
}
