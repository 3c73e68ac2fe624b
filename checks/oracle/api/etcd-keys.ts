// Where objects lie in etcd: recorded keys against the keys of a cluster that was given the same objects.
import { findResource, type Resource, resources, type Version } from '../../../lib/api/index.ts';
import { createCluster } from '../../../lib/index.ts';
import { fail, type Outcome, pass, type ReplayContext, skip, type TestCase } from '../replayer.ts';
import type { RuleName } from '../rules.ts';
import { customObject, sampleKinds, sampleObject } from './sample-objects.ts';

/** One key a line. */
export const readKeys = (text: string): TestCase[] => text.split('\n').filter((line) => line.startsWith('/')).map((key) => ({ id: key, key }));

/** The row whose objects lie under a key. */
function rowOf(key: string): Resource | undefined {
  return resources.find(({ etcdPath }) => key.startsWith(`/registry/${etcdPath}/`));
}

/** The kind that `my-<kind>…` was made of. */
function sampleKindOf(key: string): Resource | undefined {
  const name = /\/my-([a-z]+)/.exec(key)?.[1];
  return name === undefined ? undefined : findResource(name);
}

function outOfScope(key: string): RuleName | undefined {
  if (/^\/registry\/(ranges|masterleases)\//.test(key)) return "the API server's own keys";
  const row = rowOf(key);
  if (row?.discoveryOnly || sampleKindOf(key)?.discoveryOnly) return 'kinds that come later';
  return undefined;
}

/** Generated parts of a name may be any: `-klnvs`, `-84847cd8bf`, `<5 random>`. */
function pattern(key: string): RegExp {
  const wild = key.replace(/-[bcdf-hj-np-tv-z0-9]{8,10}(?=$|[-.])/g, '-<hash>').replace(/-[bcdfghjklmnpqrstvwxz2456789]{5}(?=$|\.)/g, '-<5 random>');
  const quoted = wild.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${quoted.replaceAll('<hash>', '[a-z0-9]{5,10}').replaceAll('<5 random>', '[a-z0-9]{5}').replaceAll('<16 hex>', '[0-9a-f]{16}')}$`);
}

const caches = { fresh: new Map<number, string[]>(), after: new Map<number, string[]>() };

function keysOf(state: keyof typeof caches, version: Version): string[] {
  let keys = caches[state].get(version.minor);
  if (!keys) caches[state].set(version.minor, (keys = state === 'fresh' ? freshKeys(version) : keysAfter(version)));
  return keys;
}

const newCluster = (version: Version, controllers: boolean) => createCluster({ version: `v1.${version.minor}`, nodes: 0, kubelets: false, ...(!controllers && { controllers: false, scheduler: false }) });
const keysIn = (cluster: ReturnType<typeof createCluster>) => cluster.server.storage.store.range('/registry/', { end: '/registry0' }).kvs.map(({ key }) => key);

const freshKeys = (version: Version) => keysIn(newCluster(version, false));

function keysAfter(version: Version): string[] {
  const cluster = newCluster(version, true);
  for (const kind of sampleKinds) {
    const object = sampleObject(kind)!;
    if (findResource(kind, version)!.namespaced) object.metadata!.namespace = 'demo';
    cluster.client.create(object);
    cluster.advance('2s');
  }
  cluster.client.create({ ...customObject, metadata: { ...customObject.metadata, namespace: 'demo' } });
  cluster.advance('10s');
  return keysIn(cluster);
}

export function replayKeys(state: keyof typeof caches) {
  return ({ key }: TestCase, { version }: ReplayContext): Outcome => {
    const rule = outOfScope(key);
    if (rule) return skip(rule);
    return keysOf(state, version).some((own) => pattern(key).test(own)) ? pass() : fail('no such key');
  };
}
