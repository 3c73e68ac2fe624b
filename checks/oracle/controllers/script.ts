// What the recorded test (and its fake kubelet) did, read back from the trace: the input of a replay.
import type { RuleName } from '../rules.ts';
import type { TestCase } from '../replayer.ts';

export interface Entry {
  n: number;
  ms: number;
  action?: string;
  watch?: 'ADDED' | 'MODIFIED' | 'DELETED' | 'EXISTS';
  resource?: string;
  name?: string;
  obj?: any;
  event?: { type: string; reason: string; message: string; component: string; object: string; count?: number };
}

/** How the fake kubelet treats one pod: milliseconds after it may act, undefined when it never does. */
export interface PodScript {
  start?: number;
  remove?: number;
}

export interface Script {
  entries: Entry[];
  /** Rules under which something of this recording was not compared. */
  hid: Set<RuleName>;
  /** Actions in order; `i` is their place in `entries`. */
  actions: { ms: number; i: number; text: string }[];
  pods: Map<string, PodScript>;
  /** Which node each pod was on. */
  places: Map<string, string>;
  /** Which address each pod had, as far as endpoints tell. */
  addresses: Map<string, string>;
  /** Nodes that were there, or came, without an action that says so. */
  nodes: { ms: number; name: string; obj: any }[];
  /** Ends of reported pressure, which the trace shows only by the taint that goes. */
  relieved: { ms: number; node: string }[];
  /** When the test took its things away again; nothing after it counts. */
  end: number;
}

export function readScript(testCase: TestCase): Script {
  const all: Entry[] = testCase.trace;
  const entries = all.slice(0, teardown(all));
  const actions = entries.flatMap(({ ms, action }, i) => (action === undefined ? [] : [{ ms, i, text: action }]));
  // Of one node that comes twice, it is the later time that an action says so.
  const said = (name?: string) => actions.filter(({ text }) => text.startsWith(`node ${name} registers`)).length;
  const added = entries.filter((e) => e.resource === 'nodes' && e.watch === 'ADDED');
  const nodes = added.filter((e, i) => added.slice(i).filter(({ name }) => name === e.name).length > said(e.name));
  return {
    entries,
    hid: new Set(),
    actions: inOrder(actions, entries),
    pods: podScripts(entries),
    addresses: new Map(entries.flatMap(({ resource, obj }) => (resource === 'endpoints' ? podAddresses(obj) : []))),
    places: new Map(entries.flatMap(({ resource, name, obj }) => (resource === 'pods' && obj.nodeName ? [[name!, obj.nodeName]] : []))),
    nodes: nodes.map(({ ms, name, obj }) => ({ ms, name: name!, obj })),
    relieved: reliefs(entries),
    end: all[entries.length]?.ms ?? Math.max(0, ...entries.map(({ ms }) => ms)) + 1000,
  };
}

/**
 * Where in a minute the recording began (milliseconds), as the jobs of its cron job tell: the controller looks every ten
 * seconds, and the second job is the first whose minute had come.
 */
export function phaseInMinute(entries: readonly Entry[]): number | undefined {
  const jobs = entries.filter(({ watch, resource, obj }) => watch === 'ADDED' && resource === 'jobs' && String(obj.owner).startsWith('CronJob/'));
  if (jobs.length === 0) return undefined;
  const [first, second = first] = jobs.map(({ ms }) => ms) as [number, number?];
  const looks = Math.round((second - first) / 10_000);
  return 120_000 - first - looks * 10_000;
}

/** Nodes and daemon sets that disappear without having been deleted by an action are taken away by the test at its end. */
function teardown(all: readonly Entry[]): number {
  const deleted = new Set(all.flatMap(({ action }) => /^delete (?:Node|DaemonSet)\/(\S+)/.exec(action ?? '')?.[1] ?? []));
  const i = all.findIndex((e) => (e.resource === 'nodes' || e.resource === 'daemonsets') && e.watch === 'DELETED' && !deleted.has(e.name!));
  return i < 0 ? all.length : i;
}

/** What a report caused may have been written down before the report itself. */
function inOrder(actions: Script['actions'], entries: readonly Entry[]): Script['actions'] {
  return actions.map((action) => {
    const node = /kubelet of (\S+) reports/.exec(action.text)?.[1];
    const before = entries[action.i - 1];
    return node && before?.name === node && before.ms === action.ms ? { ...action, i: action.i - 1 } : action;
  });
}

function podAddresses({ subsets }: { subsets: { addresses: Address[]; notReadyAddresses: Address[] }[] }): [string, string][] {
  const all = subsets.flatMap(({ addresses, notReadyAddresses }) => [...addresses, ...notReadyAddresses]);
  return all.flatMap(({ ip, target = '' }): [string, string][] => (target.startsWith('Pod/') ? [[target.slice(4), ip]] : []));
}

interface Address {
  ip: string;
  target?: string;
}

/** A pod of a stateful set comes back under its name: its second life is `web-0~2`. */
export const lifeOf = (name: string, life: number) => (life > 1 ? `${name}~${life}` : name);

/** For each entry the life of the pod that it is about. */
function lives(entries: readonly Entry[]): (string | undefined)[] {
  const count = new Map<string, number>();
  return entries.map(({ resource, watch, name = '', action }) => {
    const meant = resource === 'pods' ? name : /^kubelet: (\S+) Running/.exec(action ?? '')?.[1];
    if (meant === undefined) return undefined;
    if (resource === 'pods' && watch === 'ADDED') count.set(meant, (count.get(meant) ?? 0) + 1);
    return lifeOf(meant, count.get(meant) ?? 1);
  });
}

function podScripts(entries: readonly Entry[]): Map<string, PodScript> {
  const scripts = new Map<string, PodScript>();
  const told = new Map<string, number>();
  const names = lives(entries);
  for (const [i, { action }] of entries.entries()) {
    const name = names[i];
    if (name && action && !told.has(name)) told.set(name, i);
  }
  const assigned = new Map<string, number>();
  const marked = new Map<string, number>();
  for (const [i, { resource, watch, obj, ms }] of entries.entries()) {
    const name = names[i]!;
    if (resource !== 'pods') continue;
    if (!scripts.has(name)) scripts.set(name, {});
    const script = scripts.get(name)!;
    if (obj.nodeName && !assigned.has(name)) assigned.set(name, ms);
    if (obj.phase === 'Running' && !(told.get(name)! < i)) script.start ??= Math.max(0, ms - (assigned.get(name) ?? ms));
    if (obj.deleting > 0 && !marked.has(name)) marked.set(name, ms);
    // A pod with a finalizer stays when its kubelet is done with it.
    if (obj.deleting === 0 && marked.has(name)) script.remove ??= Math.max(0, ms - marked.get(name)!);
    if (watch === 'DELETED') script.remove ??= Math.max(0, ms - (marked.get(name) ?? ms));
  }
  // The kubelet treats like pods alike: one that was not deleted there may be the one that is deleted here.
  for (const [name, script] of scripts) if (!marked.has(name)) script.remove ??= usualRemoval;
  for (const { action } of entries) {
    const forced = /^delete Pod\/(\S+) .*"gracePeriodSeconds":0/.exec(action ?? '')?.[1];
    if (forced) delete scripts.get(forced)?.remove;
  }
  return scripts;
}

/** Milliseconds that a pod of the fake kubelet takes to go. */
export const usualRemoval = 50;

const pressure = /node\.kubernetes\.io\/(memory-pressure|disk-pressure|pid-pressure|network-unavailable)/;

function reliefs(entries: readonly Entry[]): Script['relieved'] {
  const out: Script['relieved'] = [];
  const tainted = new Set<string>();
  for (const { resource, name = '', obj, ms } of entries) {
    if (resource !== 'nodes') continue;
    const now = (obj.taints as string[]).some((taint) => pressure.test(taint));
    // Nothing is known of the pressure on a silent node: its taint goes, and nobody said that it was over.
    const silent = obj.conditions.some((c: any) => c.status === 'Unknown');
    if (!now && tainted.delete(name) && !silent) out.push({ ms, node: name });
    if (now) tainted.add(name);
  }
  return out;
}
