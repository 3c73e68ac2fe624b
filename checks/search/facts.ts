// What a judge remembers: how large an object was told to be, and which pods were lost, as long as a component may not know of it.
import { isPodActive, isPodReady, type KubeObject, type Pod } from '../../lib/api/index.ts';
import { expectationsTimeout } from '../../lib/controllers/shared/expectations.ts';
import { controllerOf } from '../../lib/controllers/shared/owners.ts';
import type { World, Write } from './world.ts';

export interface Facts {
  objects(kind: string): KubeObject[];
  pods(): Pod[];
  /** Pods of an owner that count, as the store has them. */
  activeOf(owner: { uid: string }): Pod[];
  /** Of these, those that its controller counts: what it made more than five minutes ago and has not seen since is not expected any more (SatisfiedExpectations and isExpired, pkg/controller/controller_utils.go; asked by the controllers of replica sets, daemon sets and jobs before they count). */
  countedOf(owner: { uid: string }): Pod[];
  note(uid: string, name: string, value: number): void;
  /** The greatest and the least value noted that somebody may still believe in. */
  most(uid: string, name: string): number;
  least(uid: string, name: string): number;
  /** When a pod of this name ceased to be healthy; -Infinity when it never did. */
  lostHealth(name: string): number;
  /** When a claim of this name was last deleted. */
  lostClaim(name: string): number;
  /** When a healthy pod with this label was last lost other than by this writer. */
  disturbed(app: string, except: string): number;
  observe(write: Write): void;
}

export const healthy = (pod: KubeObject | undefined): boolean => pod !== undefined && isPodActive(pod as Pod) && isPodReady(pod as Pod);
export const appOf = ({ metadata }: KubeObject) => metadata.labels?.app ?? '';

export function createFacts(world: World): Facts {
  const { storage } = world.cluster.server;
  const notes = new Map<string, { at: number; value: number }[]>();
  const lost = new Map<string, number>();
  const claims = new Map<string, number>();
  const losses = new Map<string, Map<string, number>>();
  const objects = (kind: string) => storage.every(world.cluster.server.resourceOf(kind)) as KubeObject[];
  const pods = () => objects('Pod') as Pod[];

  /** The values since the horizon, with the one that held at it. */
  function lately(uid: string, name: string): number[] {
    const all = notes.get(`${uid}/${name}`) ?? [];
    const first = all.findLastIndex(({ at }) => at < world.horizon());
    return all.slice(Math.max(0, first)).map(({ value }) => value);
  }

  const activeOf = ({ uid }: { uid: string }) => pods().filter((pod) => isPodActive(pod) && controllerOf(pod)?.uid === uid);
  const madeAt = ({ metadata }: Pod) => Date.parse(metadata.creationTimestamp!);
  const unexpected = (pod: Pod) => madeAt(pod) + 1000 > world.horizon() && world.now - madeAt(pod) > expectationsTimeout;

  return {
    objects,
    pods,
    activeOf,
    countedOf: (owner) => activeOf(owner).filter((pod) => !unexpected(pod)),
    note(uid, name, value) {
      const key = `${uid}/${name}`;
      const all = notes.get(key);
      if (!all) notes.set(key, [{ at: world.now, value }]);
      else if (all.at(-1)!.value !== value) all.push({ at: world.now, value });
    },
    most: (uid, name) => Math.max(...lately(uid, name)),
    least: (uid, name) => Math.min(...lately(uid, name)),
    lostHealth: (name) => lost.get(name) ?? -Infinity,
    lostClaim: (name) => claims.get(name) ?? -Infinity,
    disturbed: (app, except) => Math.max(-Infinity, ...[...(losses.get(app) ?? [])].flatMap(([by, at]) => (by === except ? [] : [at]))),
    observe({ request, who, before, after }) {
      if (before?.kind === 'PersistentVolumeClaim' && request.verb === 'delete') claims.set(before.metadata.name, world.now);
      if (before?.kind !== 'Pod' || !healthy(before) || (healthy(after) && appOf(before) === appOf(after!))) return;
      lost.set(before.metadata.name, world.now);
      const app = appOf(before);
      if (!losses.has(app)) losses.set(app, new Map());
      losses.get(app)!.set(request.subresource === 'eviction' ? 'eviction' : who, world.now);
    },
  };
}
