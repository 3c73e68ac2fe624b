// What is written down and done again gives the same store.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createCluster } from '../../lib/cluster/index.ts';
import { Store } from '../../lib/etcd/index.ts';
import { base64 } from '../../lib/serve/keep/etcd-client.ts';
import { foreignChanges } from '../../lib/serve/keep/etcd-foreign.ts';
import { entriesOf, preloaded } from '../../lib/serve/keep/keeper.ts';
import { encoder, GapError, keptOf, Replay, transactionsOf } from '../../lib/serve/keep/transactions.ts';

const test = suite('transactions');
const through = <T>(value: T): T => JSON.parse(JSON.stringify(value));

async function busy() {
  const cluster = createCluster({ nodes: 2 });
  const entries = entriesOf(cluster, cluster.etcd.compactRevision);
  await cluster.kubectl.text`create deployment web --image=nginx --replicas=3`;
  cluster.advance('20s');
  await cluster.kubectl.text`delete deployment web`;
  cluster.advance('2h');
  return { cluster, entries, encode: encoder(entries.withManagedFields) };
}

test('every revision from the first on, deletions and ended leases too', async () => {
  const { cluster, entries, encode } = await busy();
  const { store } = entries;
  const done = [...preloaded({ ...entries, store: createCluster({ nodes: 2 }).server.storage.store } as never, 1), ...transactionsOf(entries.read(), { ...entries, encode, time: entries.time })];
  assert.equal(done.map(({ revision }) => revision).filter((revision, i) => revision !== i + 2), []);
  const state = { revision: 1, time: 0, kvs: [] };
  const replay = new Replay(state);
  // Revisions at which nothing lies are passed over by a real etcd's padding; here by the state that a log begins with.
  const begun = done.filter(({ revision }) => revision > 200);
  // The state comes from a twin, and only the twin knows who owns the fields of its objects.
  const twin = createCluster({ nodes: 2 });
  const twinEncode = encoder((object) => twin.server.withManagedFields(object));
  const first = new Replay(through({ revision: 200, time: 0, kvs: twin.etcd.range({ revision: 200 }).kvs.map((kv) => keptOf(kv, twinEncode, () => 0)) }));
  for (const transaction of through(begun)) first.take(transaction);
  const { kvs, revision, leases } = first.snapshot;
  assert.is(revision, store.revision);
  const plain = (kv: (typeof kvs)[number]) => ({ ...kv, value: cluster.server.withManagedFields(kv.value as never) });
  assert.equal(through(kvs), through(cluster.etcd.range().kvs.map(plain)));
  assert.equal(leases, store.leases.filter(({ keys }) => keys.length > 0).map(({ id, ttl }) => ({ id, ttl })));
  assert.throws(() => replay.take({ revision: 3, time: 0, changes: [] }), (error: unknown) => error instanceof GapError);
  assert.throws(() => first.take({ revision: revision + 2, time: 0, changes: [] }), (error: unknown) => error instanceof GapError);
});

test("changes of others: done at their revisions, not at all when ours are further", () => {
  const store = new Store();
  store.put('/registry/configmaps/default/a', { metadata: { name: 'a', resourceVersion: '2' } });
  const event = (key: string, revision: number, value?: string) => ({ ...(value === undefined && { type: 'DELETE' as const }), kv: { key: base64(key), mod_revision: String(revision), ...(value !== undefined && { value: base64(value) }) } });
  const text = JSON.stringify({ metadata: { name: 'b' } });
  const outcome = foreignChanges([event('/registry/configmaps/default/a', 2, 'old news'), event('/registry/configmaps/default/a', 3), event('elsewhere', 4, 'x'), event('/registry/configmaps/default/b', 5, text), event('/registry/configmaps/default/c', 5, 'no JSON')], { store, kept: 2 });
  assert.equal(outcome, { strange: [['/registry/configmaps/default/c', 5]] });
  assert.equal(store.range('', { end: '\uffff' }).kvs.map(({ name, modRevision, value }) => [name, modRevision, (value as any).metadata.resourceVersion]), [['b', 5, '5']]);
  assert.is(foreignChanges([event('/registry/configmaps/default/b', 5)], { store, kept: 4 }), 'conflict');
  assert.is(store.revision, 5);
});

test.run();
