// Puts the objects that every server makes for itself into a new store; they are made when somebody looks.
import { builtInObjects, findResource, freeze, type KubeObject, type Resource } from '../api/index.ts';
import type { Store } from '../etcd/index.ts';
import { type Random, timestamp } from '../sim/index.ts';
import type { RestoredPolicy, RestoreOptions } from './authorization/restore-policy.ts';

/** Revisions that each kind begins with: after those of the default policy, below those of the first start. */
const firstRevisions: Record<string, number> = { APIService: 130, FlowSchema: 180, PriorityLevelConfiguration: 190 };

export function restoreBuiltIns(store: Store, { version, random, now, made }: RestoreOptions): RestoredPolicy {
  const all = new Map<string, readonly KubeObject[]>();
  const read = (kind: string) => {
    if (!all.has(kind)) all.set(kind, builtInObjects[kind]!(version, timestamp(now)).map((object, i) => completed(object, random.fork(kind), i)));
    return all.get(kind)!;
  };
  const completed = ({ metadata, kind, apiVersion, ...rest }: ReturnType<(typeof builtInObjects)[string]>[number], own: Random, i: number): KubeObject => {
    const { name, labels, generation } = metadata as { name: string; labels?: Record<string, string>; generation?: number };
    const meta = { name, uid: own.fork(name).uuid(), resourceVersion: String(firstRevisions[kind]! + i), ...(generation && { generation }), creationTimestamp: timestamp(now), ...(labels && { labels }) };
    const object = freeze({ kind, apiVersion, metadata: meta, ...rest } as KubeObject);
    made(object);
    return object;
  };
  for (const kind of Object.keys(builtInObjects)) {
    const directory = `/registry/${findResource(kind)!.etcdPath}/`;
    store.preload(directory, () => read(kind).map((value) => ({ name: value.metadata.name, value, revision: Number(value.metadata.resourceVersion) })));
  }
  return { has: ({ kind }: Resource) => kind in builtInObjects, of: ({ kind }: Resource) => read(kind) };
}
