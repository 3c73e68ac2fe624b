// A cluster in a real etcd: keys, revisions, what is lost when etcd is, what others write into it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Cluster, createCluster } from '../../lib/cluster/index.ts';
import { createKeys, type KeepError, type Keeper, manualTime, openEtcd, serve, type Serving } from '../../lib/serve/index.ts';
import { sleep } from './killed.ts';
import { hasEtcd, type RealEtcd, startEtcd } from './real-etcd.ts';
import { agentOf, type Answer, ask, type Ask, configMap, json } from './served.ts';

const test = suite<{ folder: string; etcd: RealEtcd }>('a real etcd');
const when = hasEtcd ? test : test.skip;
const maps = '/api/v1/namespaces/default/configmaps';

interface Kept {
  cluster: Cluster;
  keeper: Keeper;
  serving: Serving;
  said: string[];
  ask(path: string, options?: Ask): Promise<Answer>;
  advance(time: string): Promise<void>;
  close(): Promise<void>;
}

/** A served cluster of one worker whose clock moves only when a test says so. */
async function kept(url: string): Promise<Kept> {
  const said: string[] = [];
  const voice = { say: (text: string) => said.push(text), complain: (text: string) => said.push(text) };
  const keeper = await openEtcd(url, { voice });
  const { found, empty } = keeper;
  const keys = found?.identity.keys ?? (await createKeys());
  const cluster = createCluster({ nodes: 1, seed: `etcd/${found?.snapshot.revision}`, etcd: found?.snapshot ?? empty, start: found?.time });
  await keeper.attach(cluster, { version: 'v1.33', nodes: 1, keys });
  const time = manualTime(cluster);
  const serving = await serve(cluster, { port: 0, time, keeper, keys, onError: (error) => said.push(String(error)) });
  const agent = agentOf(serving.admin);
  const kept: Kept = {
    cluster,
    keeper,
    serving,
    said,
    ask: (path, options) => ask(serving, path, { agent, ...options }),
    async advance(passes) {
      cluster.advance(passes);
      time.catchUp();
      await keeper.progress.reached(cluster.etcd.revision);
    },
    async close() {
      agent.destroy();
      await serving.close();
      await keeper.close();
      open.delete(kept);
    },
  };
  open.add(kept);
  return kept;
}

/** Those that a failing test has left open. */
const open = new Set<Kept>();

const until = async (holds: () => boolean | Promise<boolean>, what: string) => {
  for (let tries = 0; tries < 1200; tries++) {
    if (await holds()) return;
    await sleep(50);
  }
  throw new Error(`never: ${what}`);
};

test.before.each(async (context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'kubook-etcd-'));
  context.etcd = await startEtcd(join(context.folder, 'etcd'));
});
test.after.each(async ({ etcd, folder }) => {
  for (const kept of open) await kept.close();
  await etcd.kill();
  rmSync(folder, { recursive: true });
});

const keysIn = (etcd: RealEtcd) => etcd.ctl('get', '/registry', '--prefix', '--keys-only').split('\n').filter(Boolean);

when('etcdctl shows the keys, and each revision is the same there', async ({ etcd }) => {
  const c = await kept(etcd.url);
  const created = (await c.ask('/apis/apps/v1/namespaces/default/deployments', json('POST', { metadata: { name: 'web' }, spec: { selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'nginx', image: 'nginx' }] } } } }))).body;
  await c.advance('10s');
  const kvs = c.cluster.etcd.range().kvs;
  assert.equal(keysIn(etcd), kvs.map(({ key }) => key));
  const { header, kvs: raw } = JSON.parse(etcd.ctl('get', '/registry', '--prefix', '-w', 'json'));
  assert.is(header.revision, c.cluster.etcd.revision);
  assert.equal(raw.map((kv: any) => [kv.create_revision, kv.mod_revision, kv.version]), kvs.map((kv) => [kv.createRevision, kv.modRevision, kv.version]));
  const stored = JSON.parse(etcd.ctl('get', '/registry/deployments/default/web', '--print-value-only'));
  assert.equal([stored.metadata.uid, stored.metadata.resourceVersion], [created.metadata.uid, undefined]);
  const shown = (await c.ask('/apis/apps/v1/namespaces/default/deployments/web')).body;
  assert.equal(stored.metadata.managedFields, shown.metadata.managedFields);
  // A lease with more keys than etcd deletes in one transaction.
  const involvedObject = { kind: 'Pod', namespace: 'default', name: 'web' };
  for (let i = 0; i < 150; i++) c.cluster.client.create({ kind: 'Event', metadata: { name: `event-${i}`, namespace: 'default' }, involvedObject, reason: 'Test' } as never);
  await c.advance('1s');
  // Who owns the events' lease: they go with it.
  const leases = etcd.ctl('lease', 'list').match(/[0-9a-f]{16}/g)!;
  const events = keysIn(etcd).filter((key) => key.startsWith('/registry/events/'));
  const attached = leases.flatMap((id) => [...etcd.ctl('lease', 'timetolive', id, '--keys').matchAll(/\/registry\/[^, \]]+/g)].map(([key]) => key));
  assert.equal(attached.sort(), events);
  assert.match(etcd.ctl('lease', 'timetolive', leases[0]!), /TTL\(3660s\)/);
  await c.advance('1h');
  await c.advance('10m');
  assert.ok(events.every((key) => !keysIn(etcd).includes(key)));
  await until(() => !leases.some((id) => etcd.ctl('lease', 'list').includes(id)), 'the leases are gone too');
  assert.is(JSON.parse(etcd.ctl('get', 'none', '-w', 'json')).header.revision, c.cluster.etcd.revision);
  assert.equal(c.said, []);
  await c.close();
});

when('a restart: objects, uids, resource versions, credentials', async ({ etcd }) => {
  const before = await kept(etcd.url);
  const map = (await before.ask(maps, json('POST', configMap('a', { text: '값' })))).body;
  const nodes = (await before.ask('/api/v1/nodes')).body.items.map(({ metadata }: any) => metadata.uid);
  const { admin } = before.serving;
  await before.close();
  const after = await kept(etcd.url);
  assert.equal((await ask(after.serving, `${maps}/a`, { agent: agentOf(admin) })).body, map);
  assert.equal((await after.ask('/api/v1/nodes')).body.items.map(({ metadata }: any) => metadata.uid), nodes);
  assert.ok(after.cluster.etcd.revision > Number(map.metadata.resourceVersion));
  assert.is(JSON.parse(etcd.ctl('get', 'none', '-w', 'json')).header.revision, after.cluster.etcd.revision);
  // Nobody is told of a revision twice: what a client saw before the restart is too old to go on from.
  const watch = await after.ask(`${maps}?watch=1&resourceVersion=${map.metadata.resourceVersion - 1}&timeoutSeconds=1`);
  assert.is(JSON.parse(watch.text).object.reason, 'Expired');
  await after.close();
});

when('while etcd is gone: reading goes on, writing is a 500, and afterwards nothing is missing', async ({ etcd }) => {
  const c = await kept(etcd.url);
  assert.is((await c.ask(maps, json('POST', configMap('a')))).code, 201);
  await etcd.kill();
  await until(async () => (await c.ask('/readyz')).code === 500, 'not ready');
  assert.match((await c.ask('/readyz')).text, /\[-\]etcd failed: reason withheld\n[^]*readyz check failed/);
  assert.match((await c.ask('/healthz/etcd')).text, 'error getting data from etcd');
  const refused = await c.ask(maps, json('POST', configMap('b')));
  assert.equal([refused.code, refused.body.message], [500, 'etcdserver: request timed out']);
  assert.equal((await c.ask(maps)).body.items.map(({ metadata }: any) => metadata.name), ['a', 'kube-root-ca.crt']);
  assert.match(c.said.join('\n'), /etcd에 쓸 수 없다[^]*읽기만 된다/);
  c.cluster.advance('2m');
  await etcd.start();
  await until(async () => (await c.ask('/readyz')).code === 200, 'ready again');
  assert.is((await c.ask(maps, json('POST', configMap('b')))).code, 201);
  await c.advance('30s');
  assert.equal(keysIn(etcd), c.cluster.etcd.range().kvs.map(({ key }) => key));
  assert.ok((await c.ask('/api/v1/nodes')).body.items.every(({ status }: any) => status.conditions.find((one: any) => one.type === 'Ready').status === 'True'));
  await c.close();
});

when('what somebody changes with etcdctl happens in the cluster', async ({ etcd }) => {
  const c = await kept(etcd.url);
  for (const name of ['a', 'b']) await c.ask(maps, json('POST', configMap(name, { text: name })));
  const watch = c.cluster.client.watch('ConfigMap', { resourceVersion: String(c.cluster.etcd.revision) });
  etcd.ctl('del', '/registry/configmaps/default/a');
  await until(() => !c.cluster.etcd.get('/registry/configmaps/default/a'), 'deleted');
  const text = etcd.ctl('get', '/registry/configmaps/default/b', '--print-value-only').trim();
  etcd.ctl('put', '/registry/configmaps/default/b', text.replace('"text":"b"', '"text":"changed"'));
  await until(async () => (await c.ask(`${maps}/b`)).body.data.text === 'changed', 'changed');
  etcd.ctl('put', 'somebody', 'else');
  await until(() => c.cluster.etcd.revision === JSON.parse(etcd.ctl('get', 'none', '-w', 'json')).header.revision, 'the same revision');
  c.cluster.settle();
  assert.equal(watch.read().map(({ type, object }) => `${type} ${object.metadata.name}`), ['DELETED a', 'MODIFIED b']);
  const b = (await c.ask(`${maps}/b`)).body;
  assert.is(b.metadata.resourceVersion, String(c.cluster.etcd.get('/registry/configmaps/default/b')!.modRevision));
  assert.is((await c.ask(`${maps}/b`, json('PUT', { ...b, data: { text: 'again' } }))).code, 200);
  assert.equal(c.said, []);
  // What is no object is none.
  etcd.ctl('put', '/registry/configmaps/default/b', 'k8s: protobuf');
  await until(async () => (await c.ask(`${maps}/b`)).code === 404, 'gone');
  assert.match(c.said.join(), /b 값은 JSON이 아니라서 읽지 않는다/);
  assert.is((await c.ask(maps, json('POST', configMap('b', { text: 'new' })))).code, 201);
  assert.match(etcd.ctl('get', '/registry/configmaps/default/b', '--print-value-only'), '"text":"new"');
  await c.close();
});

when('writes of both at once: the cluster is read anew, and goes on', async ({ etcd }) => {
  const c = await kept(etcd.url);
  await c.ask(maps, json('POST', configMap('a', { text: 'a' })));
  const text = etcd.ctl('get', '/registry/configmaps/default/a', '--print-value-only').trim();
  // Committed in our store, on its way to etcd, and somebody else is faster.
  const { store } = c.cluster.server.storage;
  for (let i = 0; i < 20; i++) c.cluster.client.create({ kind: 'ConfigMap', metadata: { name: `mine-${i}`, namespace: 'default' } } as never);
  etcd.ctl('put', '/registry/configmaps/default/theirs', text.replace('"name":"a"', '"name":"theirs"'));
  await until(() => c.said.some((line) => line.includes('다시 시작했다')), 'read anew');
  await c.advance('10s');
  assert.equal(keysIn(etcd), store.range('', { end: '\uffff' }).kvs.map(({ key }) => key));
  assert.is((await c.ask(`${maps}/theirs`)).code, 200);
  // What etcd will not take is forgotten again.
  const env = [{ name: 'LONG', value: 'x'.repeat(1_700_000) }];
  const large = await c.ask('/api/v1/namespaces/default/pods', json('POST', { metadata: { name: 'large' }, spec: { containers: [{ name: 'c', image: 'nginx', env }] } }));
  assert.equal([large.code, large.body.message], [500, 'etcdserver: request is too large']);
  await until(async () => (await c.ask('/api/v1/namespaces/default/pods/large')).code === 404, 'forgotten');
  assert.is((await c.ask(maps, json('POST', configMap('after')))).code, 201);
  await c.close();
});

when('a snapshot of etcdctl, restored while the cluster runs: what came after it is gone', async ({ etcd, folder }) => {
  const c = await kept(etcd.url);
  await c.ask(maps, json('POST', configMap('a')));
  etcd.ctl('snapshot', 'save', join(folder, 'snapshot.db'));
  await c.ask(maps, json('POST', configMap('late')));
  await etcd.kill();
  etcd.restore(join(folder, 'snapshot.db'), join(folder, 'restored'));
  await etcd.start(join(folder, 'restored'));
  await until(() => c.said.some((line) => line.includes('다시 시작했다')), 'read anew');
  assert.equal((await c.ask(maps)).body.items.map(({ metadata }: any) => metadata.name), ['a', 'kube-root-ca.crt']);
  assert.is((await c.ask(maps, json('POST', configMap('new')))).code, 201);
  await c.advance('10s');
  assert.equal(keysIn(etcd), c.cluster.etcd.range().kvs.map(({ key }) => key));
  await c.close();
});

when('whoever comes later takes over; what others use is left alone', async ({ etcd }) => {
  const first = await kept(etcd.url);
  const second = await kept(etcd.url);
  const refused = await first.ask(maps, json('POST', configMap('a')));
  assert.is(refused.code, 500);
  assert.match(first.said.join(), /다른 쿠북이 이 etcd를 이어받았다/);
  assert.is((await second.ask(maps, json('POST', configMap('a')))).code, 201);
  await first.close();
  await second.close();

  const refusal = async (url: string) => ((await openEtcd(url, { voice: { say() {}, complain() {} } }).catch((error) => error)) as KeepError).message;
  etcd.ctl('del', '', '--prefix');
  etcd.ctl('put', '/registry/pods/default/web', 'k8s: protobuf');
  assert.match(await refusal(etcd.url), /진짜 쿠버네티스가 쓰던 etcd다 \('\/registry\/pods\/default\/web'/);
  etcd.ctl('put', '/registry/pods/default/web', '{}');
  assert.match(await refusal(etcd.url), /쿠북이 쓰지 않은 것이 있다/);
  assert.match(await refusal('127.0.0.1:2379'), /http나 https로 시작하는 주소가 아니다/);
  await etcd.kill();
  assert.match(await refusal(etcd.url), /etcd에 닿지 않는다 \(connect ECONNREFUSED/);
  // What was used before and is empty now begins where it is.
  await etcd.start();
  etcd.ctl('del', '', '--prefix');
  const again = await kept(etcd.url);
  assert.ok(again.cluster.etcd.revision > 300);
  assert.is(JSON.parse(etcd.ctl('get', 'none', '-w', 'json')).header.revision, again.cluster.etcd.revision);
  await again.close();
});

if (!hasEtcd) console.log('NOTE etcd is not installed: a cluster in a real etcd was not tried');
test.run();
