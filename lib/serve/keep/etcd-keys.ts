// How the cluster lies in a real etcd: objects where kube-apiserver puts them, and three keys of our own.
// Differs from Kubernetes: values are JSON; kube-apiserver writes protobuf behind the prefix `k8s\0`.
import type { Change, Kept, Transaction } from './transactions.ts';
import { base64, plain, type RawKv } from './etcd-client.ts';

export const registry = '/registry/';
/** What the cluster is: version, nodes, authority. */
export const identityKey = 'kubook/cluster';
/** The kubook that writes: whoever comes later takes over, and the one before stops. */
export const ownerKey = 'kubook/owner';
/** The cluster's clock, written with a change now and then. */
export const clockKey = 'kubook/clock';
/** kube-apiserver keeps its compactions here; revisions at which our store holds nothing are filled with it. */
const paddingKey = 'compact_rev_key';

export const put = (key: string, value: unknown, lease = 0) => ({ request_put: { key: base64(key), value: base64(JSON.stringify(value)), ...(lease && { lease: String(lease) }) } });
const unchanged = (key: string, modRevision: number) => ({ key: base64(key), target: 'MOD', result: 'EQUAL', mod_revision: String(modRevision) });
const look = (key: string) => ({ request_range: { key: base64(key) } });

export interface Sent extends Transaction {
  /** What each of its keys was changed at before, 0 when it did not exist. */
  before: number[];
  /** Also written: our own keys. */
  extra?: { key: string; value: unknown }[];
}

/** One revision as one transaction: done when nobody else has changed its keys, and we are still the owner. */
export function bodyOf({ changes, before, extra = [] }: Sent, owned: number) {
  const puts = [...changes.map((change) => operationOf(change)), ...extra.map(({ key, value }) => put(key, value))];
  return {
    compare: [unchanged(ownerKey, owned), ...changes.map(({ key }, i) => unchanged(key, before[i]!))],
    success: puts.length > 0 ? puts : [put(paddingKey, 0)],
    failure: [look(ownerKey), ...changes.map(({ key }) => look(key))],
  };
}

/** More than etcd takes in one transaction (--max-txn-ops 128): the end of a lease with many events. */
export function endedLease({ changes }: Sent): number | undefined {
  const [first] = changes;
  return changes.length > 100 && changes.every(({ value, lease }) => value === undefined && lease?.id === first!.lease?.id) ? first!.lease?.id : undefined;
}

const operationOf = ({ key, value, lease }: Change) => (value === undefined ? { request_delete_range: { key: base64(key) } } : put(key, value, lease?.id));

/** Was this transaction done before, without an answer having come? Its keys hold what it wrote. */
export function alreadyDone({ changes }: Sent, found: readonly (RawKv | undefined)[]): boolean {
  return changes.every(({ value }, i) => (value === undefined ? !found[i] : found[i] !== undefined && plain(found[i]!.value) === JSON.stringify(value)));
}

/** Undefined for what is no JSON: a real kube-apiserver writes protobuf. */
export function valueOf({ value }: RawKv): unknown {
  try {
    return JSON.parse(plain(value));
  } catch {
    return undefined;
  }
}

export function keptOf(raw: RawKv, ttlOf: (lease: number) => number): Kept {
  const lease = Number(raw.lease ?? 0);
  const revisions = { createRevision: Number(raw.create_revision), modRevision: Number(raw.mod_revision), version: Number(raw.version) };
  return { key: plain(raw.key), value: valueOf(raw), ...revisions, ...(lease && { lease: { id: lease, ttl: ttlOf(lease) } }) };
}
