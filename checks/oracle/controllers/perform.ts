// Does what a recorded action says.
import { isPodReady, type Manifest, type Pod } from '../../../lib/api/index.ts';
import type { Client } from '../../../lib/client/index.ts';
import { timestamp } from '../../../lib/sim/index.ts';
import { readyReport } from './kubelet.ts';
import type { Entry } from './script.ts';
import type { World } from './world.ts';

const plurals: Record<string, string> = { Pod: 'pods', Secret: 'secrets', ReplicaSet: 'replicasets', Job: 'jobs' };
const pressureOf: Record<string, string[]> = { memory: ['MemoryPressure'], disk: ['DiskPressure'], pid: ['PIDPressure'], network: ['NetworkUnavailable'] };

export interface Performed {
  /** What the request was refused with. */
  error?: { code: number; reason: string; message: string; details?: unknown };
}

/** `later` are the entries after the action: they tell what a kubelet's report said. */
export function perform(world: World, text: string, inputs: Manifest[], later: readonly Entry[]): Performed {
  const [words] = text.split(' → ') as [string, string?];
  const refused = world.attempt(() => act(world, words, inputs, later));
  return refused ? { error: { code: refused.code, reason: refused.reason, message: world.text(refused.message), details: JSON.parse(world.text(JSON.stringify(refused.details ?? null))) } } : {};
}

function act(world: World, text: string, inputs: Manifest[], later: readonly Entry[]): unknown {
  const { client } = world.plane;
  const match = (pattern: RegExp) => pattern.exec(text)?.slice(1) as [string, string, string] | undefined;
  let m: [string, string, string] | undefined;
  if ((m = match(/^create (\w+)\/(\S+)/))) return createInput(world, inputs, m[0], m[1]);
  if ((m = match(/^set image (\S+) (\w+)=(\S+)/))) return setImage(client, world.namespace, m);
  if ((m = match(/^scale (\w+)\/(\S+) to (\d+)/))) return client.patch(m[0], key(world, m[0], m[1]), { spec: { replicas: Number(m[2]) } }, { type: 'merge', subresource: 'scale' });
  if ((m = match(/^patch (\w+)\/(\S+) (.+)/))) return client.patch(m[0], key(world, m[0], m[1]), JSON.parse(m[2]), { type: 'merge' });
  if ((m = match(/^delete (\w+)\/(\S+) ?(.*)/))) return client.delete({ kind: m[0], metadata: key(world, m[0], m[1]) }, m[2] ? JSON.parse(m[2]) : {});
  if ((m = match(/^evict (\S+)/))) return evict(world, m[0]);
  if ((m = match(/^kubelet: (\S+) Running, Ready=(\w+)(?:, restarts=(\d+))?/))) return reportPod(world, m);
  if ((m = match(/^kubelet: (\S+) (Failed|Succeeded)/))) return world.endPod(meantPod(world, m[0], ({ status }) => status.phase === 'Running'), m[1]);
  const set = /^\(test\) set status\.lastScheduleTime of (\S+) to (\d+) minutes ago/.exec(text);
  if (set) return client.updateStatus(client.get('CronJob', { namespace: world.namespace, name: set[1]! }), { lastScheduleTime: timestamp(world.now - Number(set[2]) * 60_000) });
  return actOnNode(world, text, later);
}

function actOnNode(world: World, text: string, later: readonly Entry[]): void {
  const match = (pattern: RegExp) => pattern.exec(text)?.slice(1) as [string, string] | undefined;
  let m: [string, string] | undefined;
  const report = (name: string) => later.find((e) => e.resource === 'nodes' && e.name === name)?.obj.conditions.find((c: any) => c.type === 'Ready') ?? readyReport;
  const ready = (name: string) => {
    const { status, reason, message } = report(name);
    return { status, reason, message };
  };
  if ((m = match(/^kubelet of (\S+) stops/))) return world.setAlive(m[0], false);
  if ((m = match(/^kubelet of (\S+) is back/))) {
    world.setAlive(m[0], true);
    return world.reportNode(m[0]);
  }
  if ((m = match(/^node (\S+) registers/))) return world.addNode(m[0], ready(m[0]));
  if ((m = match(/^(?:kubelet of )?(\S+) reports Ready=(\w+)/))) return world.reportNode(m[0], ready(m[0]));
  const condition = match(/^(\S+) reports (\w+)=True/);
  if (condition) return world.reportCondition(condition[0], condition[1], 'True');
  throw new Error(`cannot do: ${text}`);
}

/** The pressures that a node may report are all over. */
export function relieve(world: World, node: string): void {
  for (const type of Object.values(pressureOf).flat()) {
    if (world.plane.client.get('Node', { name: node }).status.conditions?.some((c) => c.type === type && c.status === 'True')) world.reportCondition(node, type, 'False');
  }
}

function createInput(world: World, inputs: Manifest[], kind: string, name: string): unknown {
  const i = inputs.findIndex((input) => input.kind === kind && input.metadata?.name === name);
  const [manifest] = inputs.splice(i, 1);
  return world.create(manifest!);
}

function setImage(client: Client, namespace: string, [name, container, image]: [string, string, string]): unknown {
  const kind = ['Deployment', 'StatefulSet', 'DaemonSet'].find((one) => client.list(one, { namespace }).items.some(({ metadata }) => metadata.name === name))!;
  return client.patch(kind, { namespace, name }, { spec: { template: { spec: { containers: [{ name: container, image }] } } } });
}

function key(world: World, kind: string, name: string): { namespace?: string; name: string } {
  if (kind === 'Namespace') return { name: name.replace('<ns>', world.namespace) };
  if (kind === 'Node') return { name };
  return { namespace: world.namespace, name: world.names.actual(plurals[kind] ?? '', name) };
}

function reportPod(world: World, [name, ready, restarts]: [string, string, string | undefined]): void {
  world.reportPod(meantPod(world, name, (pod) => isPodReady(pod) !== (ready === 'true')), { ready: ready === 'true', restarts: Number(restarts ?? 0) });
}

/** The pod of that name. Of several equal ones it may be the one that had to go here: then another that `fits`, the oldest. */
function meantPod(world: World, said: string, fits: (pod: Pod) => boolean): Pod {
  const generateName = /^(.*-)#\d+$/.exec(said)?.[1];
  const pods = world.pods().filter(({ metadata }) => !metadata.deletionTimestamp);
  const { name } = key(world, 'Pod', said);
  const equal = (pod: Pod) => pod.metadata.generateName === generateName && pod.spec.nodeName && fits(pod);
  return pods.find(({ metadata }) => metadata.name === name) ?? (generateName ? pods.find(equal) : undefined) ?? (world.plane.client.get('Pod', key(world, 'Pod', said)) as Pod);
}

function evict(world: World, said: string): unknown {
  const { server } = world.plane;
  const { name, namespace } = key(world, 'Pod', said);
  return server.handle({ verb: 'create', resource: server.resourceOf('Pod'), namespace, name, subresource: 'eviction', object: { metadata: { name, namespace } }, user: 'rec', userAgent: 'rec' } as Parameters<typeof server.handle>[0]);
}
