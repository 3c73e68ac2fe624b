// The slices of one service: as few changes as possible, at most so many endpoints in each.
import { type EndpointSlice, equal } from '../../api/index.ts';

export type Endpoint = EndpointSlice['endpoints'][number];
export type SlicePort = NonNullable<EndpointSlice['ports']>[number];

export interface Desired {
  ports: SlicePort[];
  /** By address. */
  endpoints: Map<string, Endpoint>;
}

export interface Changes {
  create: { ports: SlicePort[]; endpoints: Endpoint[] }[];
  update: EndpointSlice[];
  remove: EndpointSlice[];
}

export const portsKey = (ports: readonly SlicePort[] | null | undefined) => (ports ?? []).map(({ name = '', port, protocol = '', appProtocol = '' }) => `${name}/${port}/${protocol}/${appProtocol}`).sort().join();

/** An empty slice is stored with null. */
const sizeOf = ({ endpoints }: EndpointSlice) => (endpoints ?? []).length;

/** What must change so that slices with these ports hold exactly the desired endpoints. */
export function placeEndpoints({ ports, endpoints }: Desired, existing: readonly EndpointSlice[], perSlice: number): Changes {
  const left = new Map(endpoints);
  const changes: Changes = { create: [], update: [], remove: [] };
  const unchanged: EndpointSlice[] = [];
  for (const slice of existing) {
    const kept = takeOver(slice, left);
    if (kept === slice) unchanged.push(slice);
    else if (kept.endpoints.length === 0) changes.remove.push(slice);
    else changes.update.push(kept);
  }
  // First where something is written anyway, the fullest first; then where all the rest fits; then anew.
  changes.update.sort((a, b) => b.endpoints.length - a.endpoints.length);
  changes.update = changes.update.map((slice) => fill(slice, left, perSlice));
  while (left.size > 0) {
    const fitting = left.size < perSlice ? closestFit(unchanged, left.size, perSlice) : undefined;
    if (fitting) changes.update.push(fill(fitting, left, perSlice));
    else changes.create.push({ ports, endpoints: take(left, perSlice) });
  }
  return changes;
}

/** The slice with the endpoints that are still wanted, in their present state; the same slice when nothing differs. */
function takeOver(slice: EndpointSlice, left: Map<string, Endpoint>): EndpointSlice {
  let same = true;
  const endpoints: Endpoint[] = [];
  for (const endpoint of slice.endpoints ?? []) {
    const address = endpoint.addresses[0]!;
    const wanted = left.get(address);
    left.delete(address);
    if (wanted) endpoints.push(wanted);
    if (!wanted || !isEqual(wanted, endpoint)) same = false;
  }
  return same ? slice : { ...slice, endpoints };
}

/** Stored endpoints and the wanted ones they were found equal to: most are compared again and again. */
const equals = new WeakMap<Endpoint, Endpoint>();

function isEqual(wanted: Endpoint, stored: Endpoint): boolean {
  if (equals.get(stored) === wanted) return true;
  if (!equal(wanted, stored)) return false;
  equals.set(stored, wanted);
  return true;
}

function fill(slice: EndpointSlice, left: Map<string, Endpoint>, perSlice: number): EndpointSlice {
  if (left.size === 0) return slice;
  return { ...slice, endpoints: [...(slice.endpoints ?? []), ...take(left, perSlice - sizeOf(slice))] };
}

function take(left: Map<string, Endpoint>, count: number): Endpoint[] {
  const taken: Endpoint[] = [];
  for (const [address, endpoint] of left) {
    if (taken.length >= count) break;
    taken.push(endpoint);
    left.delete(address);
  }
  return taken;
}

/** The slice that is fullest afterwards; it is taken out of the list. */
function closestFit(slices: EndpointSlice[], count: number, perSlice: number): EndpointSlice | undefined {
  let best = -1;
  slices.forEach((slice, i) => {
    const room = perSlice - sizeOf(slice) - count;
    if (room >= 0 && (best < 0 || sizeOf(slice) > sizeOf(slices[best]!))) best = i;
  });
  return best < 0 ? undefined : slices.splice(best, 1)[0];
}
