// What was recorded and what happened here, brought into one form.
import type { TestCase } from '../replayer.ts';
import { isSummarised } from './summary.ts';
import type { Entry, Script } from './script.ts';
import type { Seen, World } from './world.ts';

/** Of these only the ones that the recording speaks of are compared: a namespace has others of its own. */
const named = new Set(['configmaps', 'secrets', 'serviceaccounts', 'services']);
/** Generated names that are not compared: which of several equal pods is left depends on the nodes they were on. */
const nameless = new Set(['pods', 'endpointslices', 'secrets']);

/** A pod that was refused was given a name by chance. */
const anyName = (text: string) => text.replace(/(\\?"[a-z0-9-]+-)[bcdfghjklmnpqrstvwxz2456789]{5}(\\?" is forbidden)/g, '$1#$2');

export type Snapshot = Record<string, string[]>;
interface One {
  resource: string;
  name: string;
  obj: any;
}

/** The latest state of each object among the entries before `end`. */
export function recordedSnapshot(script: Script, end: number, testCase: TestCase): Snapshot {
  const latest = new Map<string, One>();
  for (const { watch, resource, name, obj } of script.entries.slice(0, end)) {
    if (!watch || !resource || !name) continue;
    if (!isSummarised(resource)) {
      script.hid.add('kinds without a summary');
      continue;
    }
    if (watch === 'DELETED') latest.delete(`${resource}/${name}`);
    else latest.set(`${resource}/${name}`, { resource, name, obj });
  }
  return normal(latest.values(), script, { testCase, late: lateQuotas(script, end) });
}

export function ownSnapshot(world: World, after: number, script: Script, testCase: TestCase): Snapshot {
  const latest = new Map<string, One>();
  for (const { type, resource, name, obj, after: at } of world.seen) {
    if (at > after) break;
    if (type === 'DELETE') latest.delete(`${resource}/${name}`);
    else latest.set(`${resource}/${name}`, { resource, name, obj });
  }
  return normal(latest.values(), script, { testCase, late: lateQuotas(script, script.actions[after]?.i ?? script.entries.length) });
}

/** Quotas whose recorded count is not that of the recorded pods: pods that come while it is made may be missed. */
function lateQuotas({ entries }: Script, end: number): ReadonlySet<string> {
  const latest = new Map(entries.slice(0, end).filter(({ resource }) => resource === 'pods' || resource === 'resourcequotas').map((entry) => [`${entry.resource}/${entry.name}`, entry]));
  const there = [...latest.values()].filter(({ watch }) => watch !== 'DELETED');
  const pods = there.filter(({ resource, obj }) => resource === 'pods' && obj.phase !== 'Succeeded' && obj.phase !== 'Failed').length;
  return new Set(there.filter(({ resource, obj }) => resource === 'resourcequotas' && obj.status.used?.pods !== undefined && Number(obj.status.used.pods) !== pods).map(({ name }) => name!));
}

function normal(objects: Iterable<One>, { entries, hid }: Script, { testCase, late }: { testCase: TestCase; late: ReadonlySet<string> }): Snapshot {
  const spoken = new Set(entries.map(({ resource, name }) => `${resource}/${name}`));
  const resources = new Set(entries.map(({ resource }) => resource));
  const placed = new Set((testCase.inputs as any[]).filter(({ spec }) => spec?.nodeName).map(({ metadata }) => metadata.name));
  const snapshot: Snapshot = {};
  for (const { resource, name, obj } of objects) {
    if (!resources.has(resource) || (named.has(resource) && !spoken.has(`${resource}/${name}`))) continue;
    if (resource === 'resourcequotas' && late.has(name)) {
      hid.add('quotas are counted late');
      continue;
    }
    const { nodeName, ...rest } = obj;
    const shown = resource === 'pods' && !placed.has(name) ? { ...rest, assigned: nodeName !== undefined } : withoutPlaces(obj, placed, hid);
    (snapshot[resource] ??= []).push(`${nameless.has(resource) ? '' : `${name} `}${anyName(JSON.stringify(sorted(shown)))}`);
  }
  for (const list of Object.values(snapshot)) list.sort();
  return snapshot;
}

/** Which node and address each of several equal pods got is not compared where endpoints name it. */
function withoutPlaces(value: any, placed: ReadonlySet<string>, hid: Script['hid']): any {
  if (Array.isArray(value)) return inOneOrder(value.map((item) => withoutPlaces(item, placed, hid)));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, withoutPlaces(item, placed, hid)] as const);
  const chosen = typeof value.target === 'string' && value.target.startsWith('Pod/') && !placed.has(value.target.slice(4));
  if (!chosen) return Object.fromEntries(entries);
  hid.add('equal pods change places');
  return Object.fromEntries(entries.filter(([key]) => !givenToPods.has(key)).map(([key, item]) => [key, key === 'target' ? (item as string).replace(/-#\d+$/, '-#') : item]));
}

const givenToPods = new Set(['topology', 'nodeName', 'ip', 'addresses']);

/** Addresses are in the order of their numbers, subsets in that of a hash with the uids of pods in it. */
function inOneOrder(list: any[]): any[] {
  const text = (item: any) => JSON.stringify(sorted(item));
  return list.every((item) => item?.target || (item?.addresses && item.ports)) ? [...list].sort((a, b) => (text(a) < text(b) ? -1 : 1)) : list;
}

/** Keys and conditions in one order. */
function sorted(value: any): any {
  if (Array.isArray(value)) {
    const items = value.map(sorted);
    return items.every((item) => item?.type && item.status) ? items.sort((a, b) => (a.type < b.type ? -1 : 1)) : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}

/** Events as `type reason message component object → count`; the scheduler's are compared in its own recordings. */
export function recordedEvents({ entries, nodes, hid }: Script): Map<string, number> {
  // An event that came again is there again, with a higher count.
  const latest = new Map<string, Event>();
  for (const { event } of entries) if (event && counts(event, nodes, hid)) latest.set(`${combined(event) ?? event.message} ${event.reason} ${event.object}`, event);
  return summed(latest.values());
}

export function ownEvents(world: World, { nodes, hid }: Script): Map<string, number> {
  return summed([...world.events.values()].filter((event) => counts(event, nodes, hid)));
}

function summed(list: Iterable<Event>): Map<string, number> {
  const events = new Map<string, number>();
  for (const event of list) events.set(eventKey(event), (events.get(eventKey(event)) ?? 0) + (event.count ?? 1));
  return events;
}

/**
 * Where more than ten events are alike, which of them are told apart and which are combined is left to the order of a
 * Go map: there only how many there were is compared.
 */
export function withoutCombined(events: ReadonlyMap<string, number>, others: ReadonlyMap<string, number>, hid: Script['hid']): Record<string, number> {
  const kind = (key: string) => /^(\S+ \S+) .* (\S+ \S+)$/.exec(key)!.slice(1).join(' ');
  const isCombined = (key: string) => key.includes('(combined from similar events)');
  const kinds = new Set([...events.keys(), ...others.keys()].filter(isCombined).map(kind));
  if (kinds.size > 0) hid.add('similar events are combined');
  const out: Record<string, number> = {};
  for (const [key, count] of events) {
    const name = kinds.has(kind(key)) ? kind(key) : key;
    out[name] = (out[name] ?? 0) + count;
  }
  return out;
}

const combined = ({ message }: Event) => /^\(combined from similar events\)/.exec(message)?.[0];

type Event = NonNullable<Entry['event']>;

function counts({ component, reason, message, object }: Event, nodes: Script['nodes'], hid: Script['hid']): boolean {
  if (message.includes('the object has been modified; please apply your changes')) {
    hid.add('lost races are tried again');
    return false;
  }
  if (component === 'default-scheduler') return false;
  return reason !== 'RegisteredNode' || !nodes.some(({ name, ms }) => object === `Node/${name}` && ms < 1000);
}

function eventKey({ type, reason, message, component, object }: Event): string {
  // Which of several equal pods it was depends on the order of a batch and on the nodes they were on.
  return `${type} ${reason} ${anyName(message)} ${component} ${object}`.replace(/-#\d+/g, '-#');
}

/** Each change of spec.replicas of the replica sets. */
export function scaleSequence(seen: readonly Seen[]): Record<string, number>[] {
  const sizes: Record<string, number> = {};
  const sequence: Record<string, number>[] = [];
  for (const { type, resource, name, obj } of seen) {
    if (resource !== 'replicasets' || type !== 'PUT' || sizes[name] === obj.specReplicas) continue;
    sizes[name] = obj.specReplicas;
    sequence.push({ ...sizes });
  }
  return sequence;
}

/** Replica sets (oldest revision first) with their pods. */
export function rolloutState(seen: readonly Seen[], after: number): unknown {
  const latest = new Map<string, Seen>();
  for (const one of seen) {
    if (one.after > after) break;
    if (one.type === 'DELETE') latest.delete(`${one.resource}/${one.name}`);
    else latest.set(`${one.resource}/${one.name}`, one);
  }
  const all = [...latest.values()];
  const sets = all.filter(({ resource }) => resource === 'replicasets').sort((a, b) => Number(a.obj.revision) - Number(b.obj.revision));
  const rows = sets.map(({ name, obj }) => {
    const pods = all.filter((one) => one.resource === 'pods' && one.obj.owner === `ReplicaSet/${name}`);
    return { name, revision: obj.revision, spec: obj.specReplicas, pods: pods.length, ready: pods.filter((pod) => pod.obj.ready === 'True').length };
  });
  return { sets: rows, total: rows.reduce((sum, { pods }) => sum + pods, 0), available: rows.reduce((sum, { ready }) => sum + ready, 0) };
}

/** Names of pods in the order in which they were marked for deletion, and how many after each scaling. */
export function deletions(seen: readonly Seen[], scalings: readonly number[]): { order: string[]; perStep: number[] } {
  const gone = new Map<string, number>();
  for (const { resource, name, obj, type, after } of seen) {
    if (resource === 'pods' && (type === 'DELETE' || obj.deleting !== undefined) && !gone.has(name)) gone.set(name, after);
  }
  return { order: [...gone.keys()], perStep: scalings.map((step) => [...gone.values()].filter((after) => after === step + 1).length) };
}
