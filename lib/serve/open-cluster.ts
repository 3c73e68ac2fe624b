// The cluster that is served: a new one, or the one that was kept.
import { createVersion } from '../api/index.ts';
import { type Cluster, type ClusterOptions, createCluster } from '../cluster/index.ts';
import { authorityOf } from './authority.ts';
import type { Found, Identity, Keeper } from './keep/keeper.ts';
import { KeepError } from './keep/problems.ts';
import { createKeys, type ServerKeys, tokenSignerOf } from './keys.ts';

export interface ClusterWish {
  /** The Kubernetes release, `v1.20`. */
  version?: string;
  nodes?: number;
  seed?: string;
  /** Its machines are rented from a cloud. */
  cloud?: boolean;
}

export interface Opened {
  cluster: Cluster;
  keys: ServerKeys;
  nodes: number;
}

const defaultNodes = 3;

/** What is not wished for is as it was before, or the default. Everything the cluster holds is kept when this returns. */
export async function openCluster(wish: ClusterWish, keeper?: Keeper): Promise<Opened> {
  const { found } = keeper ?? {};
  const nodes = wish.nodes ?? found?.identity.nodes ?? defaultNodes;
  const seed = wish.seed ?? found?.identity.seed;
  const keys = found?.identity.keys ?? (await createKeys());
  const pki = pkiOf(keys);
  const cluster = found ? resumed(found, { ...wish, nodes, seed, pki }) : minuteOld({ nodes, version: wish.version, seed, pki, etcd: keeper?.empty, cloud: wish.cloud });
  const identity = (): Identity => ({ version: `v1.${cluster.version.minor}`, nodes, seed, keys, ...(inCloud(wish, found) && { cloud: cluster.cloud.state }) });
  await keeper?.attach(cluster, identity());
  if (keeper && inCloud(wish, found)) cluster.cloud.onChange(() => keeper.know(identity()));
  return { cluster, keys, nodes };
}

const inCloud = ({ cloud }: ClusterWish, found: Found | undefined) => (found ? found.identity.cloud !== undefined : cloud === true);

/** What the cluster itself is told of the keys. */
export const pkiOf = (keys: ServerKeys) => ({ rootCA: keys.authority.cert, tokenSigner: tokenSignerOf(keys), certificates: authorityOf(keys.authority) });

/** A minute of life before the first request: nodes have reported, and ages read like a real cluster's. */
function minuteOld(options: ClusterOptions): Cluster {
  const now = Date.now();
  const cluster = createCluster({ ...options, start: now - 60_000 - (now % 1000) });
  cluster.loop.runUntil(now);
  return cluster;
}

/** The clock goes on from where it was, or from now when that is later: the machines have been off meanwhile. */
function resumed({ snapshot, time, identity }: Found, { version = identity.version, nodes, seed = '1', cloud, pki }: ClusterWish & Pick<ClusterOptions, 'pki'>): Cluster {
  if (createVersion(version).minor !== createVersion(identity.version).minor) {
    throw new KeepError(`--version ${version}`, `남아 있는 클러스터는 ${identity.version}이다.`, `--version 을 빼거나 ${identity.version}으로 하고, 다른 버전은 새로 시작한다.`);
  }
  if (cloud && !identity.cloud) throw new KeepError('--cloud', '남아 있는 클러스터는 클라우드에 있지 않다.', '--cloud 를 빼거나, 클라우드에 있는 클러스터는 새로 시작한다.');
  return createCluster({ nodes, version, pki, ...(identity.cloud && { cloud: { state: identity.cloud } }), seed: `${seed}/${snapshot.revision}`, etcd: snapshot, start: Math.max(time, Date.now()) });
}
