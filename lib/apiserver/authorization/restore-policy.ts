// Puts the default policy into a new store. Reading it is left until somebody looks, so that a cluster that nobody asks about
// rights does not pay for it.
import { findResource, freeze, type KubeObject, type Resource, type Version } from '../../api/index.ts';
import type { Store } from '../../etcd/index.ts';
import { type Random, timestamp } from '../../sim/index.ts';
import { policyObjects } from './bootstrap-policy.ts';

/** Revisions that the objects of the first start take: kube-apiserver and its post-start hooks need about as many. */
const revisions = 200;
const namespaces: Record<string, readonly string[]> = { ClusterRole: [''], ClusterRoleBinding: [''], Role: ['kube-public', 'kube-system'], RoleBinding: ['kube-public', 'kube-system'] };

export interface RestoredPolicy {
  has(resource: Resource): boolean;
  /** What a kind began with. */
  of(resource: Resource): readonly KubeObject[];
}

export interface RestoreOptions {
  version: Version;
  random: Random;
  now: number;
  /** Hears of every object when it is made. */
  made(object: KubeObject): void;
}

export function restorePolicy(store: Store, { version, random, now, made }: RestoreOptions): RestoredPolicy {
  const base = store.revision;
  let all: readonly KubeObject[] | undefined;
  const read = () => (all ??= policyObjects(version).map((object, i) => completed(object, i)));
  const completed = ({ metadata, ...rest }: KubeObject, i: number): KubeObject => {
    const object = freeze({ ...rest, metadata: { ...metadata, uid: random.uuid(), resourceVersion: String(base + i + 1), creationTimestamp: timestamp(now) } } as KubeObject);
    made(object);
    return object;
  };
  for (const [kind, places] of Object.entries(namespaces)) {
    for (const namespace of places) {
      const directory = `/registry/${findResource(kind)!.etcdPath}/${namespace && `${namespace}/`}`;
      store.preload(directory, () => read().filter((object) => object.kind === kind && (object.metadata.namespace ?? '') === namespace).map((value) => ({ name: value.metadata.name, value, revision: Number(value.metadata.resourceVersion) })));
    }
  }
  store.skipTo(base + revisions - 1);
  return { has: ({ kind }) => kind in namespaces, of: ({ kind }) => read().filter((object) => object.kind === kind) };
}
