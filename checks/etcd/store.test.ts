import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CompactedError, FutureRevisionError, prefixEnd, Store } from '../../lib/etcd/index.ts';
import { createRandom } from '../../lib/sim/index.ts';

const test = suite('etcd');
const keys = (store: Store, prefix: string, options = {}) => store.range(prefix, { end: prefixEnd(prefix), ...options }).kvs.map((kv) => kv.key);

test('revisions: one a transaction, none for a transaction that changes nothing', () => {
  const store = new Store();
  assert.is(store.revision, 1);
  store.put('/registry/pods/default/a', 1);
  store.put('/registry/pods/default/a', 2);
  const kv = store.get('/registry/pods/default/a')!;
  assert.equal([kv.createRevision, kv.modRevision, kv.version, kv.value], [2, 3, 2, 2]);
  assert.is(store.delete('/registry/pods/default/none'), 0);
  assert.is(store.revision, 3);
  store.delete('/registry/pods/default/a');
  store.put('/registry/pods/default/a', 3);
  assert.equal([store.get('/registry/pods/default/a')!.createRevision, store.get('/registry/pods/default/a')!.version], [5, 1]);
});

test('a transaction is all or nothing, and one revision', () => {
  const store = new Store();
  store.put('a', 1);
  const mod = store.get('a')!.modRevision;
  const good = store.txn({ compare: [{ key: 'a', target: 'modRevision', equals: mod }], success: [{ put: 'a', value: 2 }, { put: 'b', value: 1 }] });
  assert.equal([good.succeeded, good.revision, store.get('b')!.modRevision], [true, 3, 3]);
  const bad = store.txn({ compare: [{ key: 'a', target: 'modRevision', equals: mod }], success: [{ put: 'a', value: 9 }], failure: [{ put: 'lost', value: 1 }] });
  assert.equal([bad.succeeded, store.get('a')!.value, store.get('lost')!.value], [false, 2, 1]);
  assert.ok(store.txn({ compare: [{ key: 'none', target: 'createRevision', equals: 0 }], success: [{ put: 'none', value: 1 }] }).succeeded);
});

test('ranges are in the order of keys, by prefix, in chunks', () => {
  const store = new Store();
  for (const name of ['c', 'a', 'b']) store.put(`/registry/pods/default/${name}`, name);
  store.put('/registry/pods/other/z', 'z');
  store.put('/registry/podtemplates/default/x', 'x');
  assert.equal(keys(store, '/registry/pods/default/'), ['a', 'b', 'c'].map((n) => `/registry/pods/default/${n}`));
  assert.is(keys(store, '/registry/').length, 5);
  const chunk = store.range('/registry/pods/', { end: prefixEnd('/registry/pods/'), limit: 2 });
  assert.equal([chunk.kvs.length, chunk.count, chunk.more], [2, 4, true]);
});

test('the past can be read until it is compacted', () => {
  const store = new Store();
  store.put('/registry/pods/default/a', 1);
  store.put('/registry/pods/default/b', 1);
  const then = store.revision;
  store.put('/registry/pods/default/a', 2);
  store.delete('/registry/pods/default/b');
  store.put('/registry/pods/default/c', 1);
  assert.equal(keys(store, '/registry/pods/default/', { revision: then }), ['/registry/pods/default/a', '/registry/pods/default/b']);
  assert.is(store.range('/registry/pods/default/a', { revision: then }).kvs[0]!.value, 1);
  assert.throws(() => store.range('a', { revision: 99 }), (e: unknown) => e instanceof FutureRevisionError);
  store.compact(store.revision);
  assert.throws(() => store.range('a', { revision: then }), (e: unknown) => e instanceof CompactedError);
  assert.equal(keys(store, '/registry/pods/default/'), ['/registry/pods/default/a', '/registry/pods/default/c']);
});

test('a watch is a cursor: it reads what came since, once', () => {
  const store = new Store();
  store.put('/registry/pods/a', 1);
  const watch = store.watch({ prefix: '/registry/pods/' });
  const replay = store.watch({ prefix: '/registry/pods/', after: 1 });
  assert.equal(watch.read(), []);
  store.put('/registry/nodes/n', 1);
  store.put('/registry/pods/b', 1);
  store.delete('/registry/pods/a');
  assert.equal(watch.read().map((e) => [e.type, e.kv.key]), [['PUT', '/registry/pods/b'], ['DELETE', '/registry/pods/a']]);
  assert.equal(watch.read(), []);
  assert.is(replay.read().length, 3);
  const slow = store.watch();
  store.put('/registry/pods/c', 1);
  store.compact(store.revision);
  assert.throws(() => slow.read(), (e: unknown) => e instanceof CompactedError);
  assert.throws(() => store.watch({ after: 2 }), (e: unknown) => e instanceof CompactedError);
});

test('a cursor that holds finds everything, however often the store is compacted', () => {
  const store = new Store();
  const cursor = store.watch({ holds: true });
  for (const value of [1, 2, 3]) {
    store.put('/registry/pods/a', value);
    store.compact(store.revision);
  }
  assert.throws(() => store.since(2, ''), (e: unknown) => e instanceof CompactedError);
  assert.equal(cursor.read().map((e) => e.kv.value), [1, 2, 3]);
  store.put('/registry/pods/a', 4);
  store.compact(store.revision);
  assert.equal(cursor.read().map((e) => e.kv.value), [4]);
});

test('a snapshot: the keys, their history since the last compaction, the leases; taking one changes nothing', () => {
  const store = new Store();
  store.preload('/registry/roles/', () => [{ name: 'r', value: 'role', revision: 2 }]);
  store.skipTo(10);
  const lease = store.grantLease(60);
  store.put('/registry/events/e', 1, lease);
  store.put('/registry/pods/a', 1);
  store.put('/registry/pods/a', 2);
  const snapshot = store.snapshot();
  assert.is(store.changesUnder('/registry/roles/'), 0);
  store.delete('/registry/pods/a');
  store.put('/registry/pods/b', 1);
  const watch = store.watch();
  store.restore(snapshot);
  assert.is(store.revision, 13);
  assert.throws(() => watch.read(), (e: unknown) => e instanceof CompactedError);
  assert.equal(keys(store, '/registry/'), ['/registry/events/e', '/registry/pods/a', '/registry/roles/r']);
  assert.equal(store.range('/registry/pods/a', { revision: 12 }).kvs[0]!.value, 1);
  assert.equal(store.leases, [{ id: lease, ttl: 60, keys: ['/registry/events/e'] }]);
  assert.is.not(store.grantLease(), lease);
  store.revokeLease(lease);
  assert.equal([store.get('/registry/events/e'), store.revision], [undefined, 14]);
  // The snapshot is what it was: it can be restored again, into another store too.
  const other = new Store();
  other.restore(snapshot);
  assert.equal([other.revision, keys(other, '/registry/').length, other.get('/registry/pods/a')!.version], [13, 3, 2]);
});

test('keys of a lease go with it', () => {
  const store = new Store();
  const lease = store.grantLease();
  store.put('/registry/events/a', 1, lease);
  store.put('/registry/events/b', 1, lease);
  store.put('/registry/events/b', 2);
  store.revokeLease(lease);
  assert.equal(keys(store, '/registry/events/'), ['/registry/events/b']);
});

test('whatever happens, a range equals a plain map at every revision', () => {
  const random = createRandom('etcd');
  const store = new Store();
  const history = new Map<number, Map<string, number>>([[1, new Map()]]);
  const now = new Map<string, number>();
  for (let i = 0; i < 600; i++) {
    const key = `/registry/${random.pick(['pods', 'nodes', 'services/specs'])}/${random.int(40)}`;
    if (random.int(3) === 0) now.delete(key), store.delete(key);
    else now.set(key, i), store.put(key, i);
    history.set(store.revision, new Map(now));
    const at = random.pick([...history.keys()]);
    const got = store.range('/registry/', { end: prefixEnd('/registry/'), revision: at }).kvs.map((kv) => [kv.key, kv.value]);
    assert.equal(got, [...history.get(at)!].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
});

test.run();
