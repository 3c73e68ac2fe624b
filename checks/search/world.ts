// A cluster with the seams of a search: crashes between two writes, slow processes, watches that break.
import { type KubeObject, StatusError } from '../../lib/api/index.ts';
import type { ApiRequest } from '../../lib/apiserver/index.ts';
import { type Client, ConnectionError, Informer } from '../../lib/client/index.ts';
import { type Cluster, createCluster } from '../../lib/cluster/index.ts';
import { createRandom } from '../../lib/sim/index.ts';
import type { History } from './history.ts';

export interface Crash {
  /** As its requests name it: `kube-scheduler`, `kubelet/worker-1`. */
  component: string;
  /** It dies at the write after so many. */
  writes: number;
  /** True: the write is done, but the component does not learn of it any more. */
  answered: boolean;
  /** Milliseconds until it is started again; undefined: it lives on, and only the answer is lost. */
  down?: number;
}

/** Ends a history whose verdict is clear: what is broken may go on for ever. */
export class Ended extends Error {}

export interface World {
  /** True when nothing needs to be played any more. */
  ended: () => boolean;
  readonly cluster: Cluster;
  readonly now: number;
  /** The controller manager's client: it shares the caches of all controllers. */
  readonly controllers: Client;
  plan(crash: Crash): void;
  /** Until then each actor that has work may wait up to `by` milliseconds first. */
  slow(by: number, lasts: number): void;
  /** Until then one in four watches that have news break instead. */
  loseWatches(lasts: number): void;
  /** Nobody can read anything from now on for so long, or the clock jumps over that time. */
  blind(lasts: number): void;
  /** What happened before this every component that runs has seen. */
  horizon(at?: number): number;
  /** Runs `mend` after so many milliseconds, or when all is calmed. */
  mendLater(delay: number, mend: () => void): void;
  /** Mends everything, and ends crashes that are still to come, slowness and broken watches. */
  calm(): void;
  /** Writes that were tried, whatever came of them; nodes' reports of themselves are not counted. */
  writes: number;
}

/** Slowness of at most 3 s in each of three caches or queues, and a second until a broken watch lists again. Else all is seen at once. */
const lag = 12_000;
/** Until watches that broke are lists again. */
const recovery = 2000;

export interface Write {
  request: ApiRequest;
  /** `replicaset-controller`, `kubernetes-admin`. */
  who: string;
  /** The object before and after it, as far as there was one. */
  before: KubeObject | undefined;
  after: KubeObject | undefined;
  /** The answer was lost: who wrote it takes it for not done. */
  unheard?: boolean;
}

const reads = new Set(['get', 'list', 'watch']);
const isWrite = ({ verb, resource, subresource }: ApiRequest) => !reads.has(verb) && resource.kind !== 'Lease' && resource.kind !== 'Event' && subresource !== 'token';

/** An event that happened again. */
const isCount = ({ verb, resource }: ApiRequest) => resource.kind === 'Event' && verb === 'patch';

const isReport = ({ resource, userAgent }: ApiRequest) => resource.kind === 'Node' && userAgent.startsWith('kubelet/');

export function createWorld({ seed, version, setting }: Pick<History, 'seed' | 'version' | 'setting'>, onWrite: (world: World) => (write: Write) => void): World {
  const cluster = createCluster({ nodes: setting ? [1, 2, 3].map(() => ({ cpus: setting.cpus })) : 3, seed, version, pullDuration: (_image, _node, random) => 300 + random.int(1500) });
  const { loop, server, fault } = cluster;
  const { clock } = loop;
  const random = createRandom(`${seed}/search`);
  let [crashes, dying, slowness, slowUntil, lossUntil] = [[] as Crash[], new Set<string>(), 0, 0, 0];
  const broken = new Set<() => void>();
  const [blind, rough]: { from: number; to: number }[][] = [[], []];
  const lagAt = (at: number) => (rough!.some(({ from, to }) => from <= at && at <= to + lag) ? lag : 0);
  const roughFor = (lasts: number) => void rough!.push({ from: clock.now, to: clock.now + lasts });
  let controllers!: Client;
  cluster.replace('probe', (client) => ((controllers = client), { name: 'probe', watches: [], reconcile: () => {} }));

  const world: World = {
    cluster,
    ended: () => false,
    get now() {
      return clock.now;
    },
    get controllers() {
      return controllers;
    },
    plan: (crash) => void crashes.push({ ...crash }),
    slow(by, lasts) {
      [slowness, slowUntil] = [by, clock.now + lasts];
      roughFor(lasts);
    },
    loseWatches(lasts) {
      lossUntil = clock.now + lasts;
      roughFor(lasts);
    },
    blind: (lasts) => void blind!.push({ from: clock.now, to: clock.now + lasts + recovery }),
    horizon: (at = clock.now) => blind!.reduceRight((seen, { from, to }) => (to >= seen ? Math.min(seen, from - lagAt(from)) : seen), at - lagAt(at)),
    mendLater(delay, mend) {
      broken.add(mend);
      clock.after(delay, () => broken.delete(mend) && mend());
    },
    calm() {
      [crashes, slowUntil, lossUntil] = [[], 0, 0];
      for (const mend of [...broken]) if (broken.delete(mend)) mend();
    },
    writes: 0,
  };
  const written = onWrite(world);

  const [handle, pump] = [server.handle.bind(server), loop.pump];
  /** The stack of the process unwinds; until it has, nothing that it asks for reaches the server. */
  function die({ component, down = 0 }: Crash): never {
    const [process, host] = component.split('/') as [string, string?];
    dying.add(component);
    fault.crash(process, host);
    world.mendLater(down, () => fault.start(process, host));
    throw new ConnectionError(`${component} crashes`);
  }
  /** Done, and told to the judges. */
  function watched(request: ApiRequest, unheard = false): KubeObject {
    const { resource, namespace, name } = request;
    const find = (called: string | undefined) => (called === undefined ? undefined : server.storage.find(resource, namespace, called));
    const before = find(name);
    const answer = handle(request) as KubeObject;
    written({ request, who: request.user.split(':').at(-1)!, before, after: find(name ?? answer.metadata?.name), unheard });
    return answer;
  }
  server.handle = (request) => {
    if (dying.has(request.userAgent)) throw new ConnectionError(`${request.userAgent} has crashed`);
    if (!isWrite(request) && !isCount(request)) return handle(request);
    if (isCount(request)) return watched(request);
    if (!isReport(request)) world.writes++;
    const crash = crashes.find(({ component, writes }) => component === request.userAgent && writes === 0);
    for (const planned of crashes) if (planned.component === request.userAgent) planned.writes--;
    crashes = crashes.filter(({ writes }) => writes >= 0);
    if (crash && !crash.answered) die(crash);
    const unheard = crash !== undefined && crash.down === undefined;
    const answer = watched(request, unheard);
    if (unheard) throw new ConnectionError('unexpected EOF');
    if (crash) die(crash);
    return answer;
  };
  loop.pump = () => {
    dying.clear();
    if (world.ended()) throw new Ended();
    pump();
  };
  loop.delay = (actor) => {
    if (clock.now < lossUntil && actor instanceof Informer && random.int(4) === 0) actor.lose();
    return clock.now < slowUntil && random.int(2) === 0 ? random.int(slowness) : 0;
  };
  return world;
}

/** Does what a person does who may be refused: true when it was done. */
export function attempt(what: () => unknown): boolean {
  try {
    what();
    return true;
  } catch (error) {
    if (error instanceof StatusError || error instanceof ConnectionError) return false;
    throw error;
  }
}
