// Reads a cluster out of a real etcd.
import { type EtcdClient, EtcdError, plain, type RangeAnswer, type RawKv, beginningWith, base64 } from './etcd-client.ts';
import { clockKey, identityKey, keptOf, ownerKey, put, registry } from './etcd-keys.ts';
import type { Identity } from './keeper.ts';
import { KeepError } from './problems.ts';
import type { Kept } from './transactions.ts';

export interface Loaded {
  revision: number;
  kvs: Kept[];
  /** Objects that are no JSON, with the revision they lie there with. */
  foreign: { key: string; modRevision: number }[];
  identity?: Identity;
  time: number;
}

const portion = 500;
/** Seconds that a lease of events lives, where etcd has forgotten what it was granted for. */
const eventLease = 3660;

/** Everything as of one revision. */
export async function load(client: EtcdClient): Promise<Loaded> {
  const [own, revision] = await pages(client, 'kubook/');
  const [raws] = await pages(client, registry, revision);
  const ours = new Map(own.map((raw) => [plain(raw.key), raw]));
  const json = (key: string) => (ours.has(key) ? JSON.parse(plain(ours.get(key)!.value)) : undefined);
  const ttls = await leasesOf(client, raws);
  const all = raws.map((raw) => keptOf(raw, (lease) => ttls.get(lease) ?? eventLease));
  const kvs = all.filter(({ value }) => value !== undefined);
  const foreign = all.filter(({ value }) => value === undefined).map(({ key, modRevision }) => ({ key, modRevision }));
  return { revision, kvs, foreign, identity: json(identityKey), time: json(clockKey) ?? 0 };
}

async function pages(client: EtcdClient, prefix: string, at?: number): Promise<[RawKv[], revision: number]> {
  const { range_end, key: begin } = beginningWith(prefix);
  const out: RawKv[] = [];
  let revision = at;
  for (let key: string | undefined = begin; key !== undefined; ) {
    const answer: RangeAnswer = await client.call('/v3/kv/range', { key, range_end, limit: String(portion), ...(revision && { revision: String(revision) }) });
    revision ??= Number(answer.header.revision);
    out.push(...(answer.kvs ?? []));
    key = answer.more ? base64(`${plain(out.at(-1)!.key)}\0`) : undefined;
  }
  return [out, revision!];
}

async function leasesOf(client: EtcdClient, raws: readonly RawKv[]): Promise<Map<number, number>> {
  const ttls = new Map<number, number>();
  for (const id of new Set(raws.map(({ lease }) => lease))) {
    if (!id) continue;
    const { grantedTTL } = await client.call<{ grantedTTL?: string }>('/v3/kv/lease/timetolive', { ID: id }).catch(() => ({ grantedTTL: undefined }));
    if (Number(grantedTTL) > 0) ttls.set(Number(id), Number(grantedTTL));
  }
  return ttls;
}

/** Makes this process the one that writes. Returns the revision at which it became so. */
export async function claim(client: EtcdClient): Promise<number> {
  const { header } = await client.call<RangeAnswer>('/v3/kv/put', put(ownerKey, { pid: process.pid, since: new Date().toISOString() }).request_put);
  return Number(header.revision);
}

/** The revision at which somebody became the one that writes; 0 when nobody is. */
export async function ownerOf(client: EtcdClient): Promise<number> {
  const { kvs = [] } = await client.call<RangeAnswer>('/v3/kv/range', { key: base64(ownerKey) });
  return Number(kvs[0]?.mod_revision ?? 0);
}

/** What keeps an etcd from being used, in Korean. */
export function unusable(url: URL, error: unknown): unknown {
  const place = url.href.replace(/\/$/, '');
  if (error instanceof EtcdError) return new KeepError(place, `etcd v3가 아니거나 거절했다: ${error.message}`, 'etcd의 주소인지, 그 etcd가 건강한지 etcdctl endpoint health 로 확인한다.');
  const { code, message } = error as NodeJS.ErrnoException;
  if (!code || error instanceof KeepError) return error;
  return new KeepError(place, `etcd에 닿지 않는다 (${message || code}).`, 'etcd를 켜거나 --etcd 의 주소를 고친다. 예: --etcd http://127.0.0.1:2379');
}
