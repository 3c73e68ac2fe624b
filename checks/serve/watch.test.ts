import { once } from 'node:events';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { WebSocket } from 'ws';
import { configMap, json, linesOf, type Served, served, take } from './served.ts';

const test = suite<{ at: Served }>('watch');
test.before.each(async (context) => void (context.at = await served({}, { unread: 16 * 1024, lag: 50 })));
test.after.each(({ at }) => at.close());

const maps = '/api/v1/namespaces/default/configmaps';
const names = (frames: any[]) => frames.map(({ type, object }) => `${type} ${object.metadata?.name ?? object.reason ?? ''}`.trim());
const revision = async (at: Served) => (await at.ask(maps)).body.metadata.resourceVersion;

test('changes come as they happen, after the revision that was asked for', async ({ at }) => {
  const from = await revision(at);
  const response = await at.open(`${maps}?watch=true&resourceVersion=${from}`);
  assert.equal([response.statusCode, response.headers['transfer-encoding']], [200, 'chunked']);
  const lines = linesOf(response);
  await at.ask(maps, json('POST', configMap('a')));
  await at.ask(`${maps}/a`, { method: 'PATCH', headers: { 'Content-Type': 'application/merge-patch+json' }, body: '{"data":{"x":"1"}}' });
  await at.ask(`${maps}/a`, { method: 'DELETE' });
  assert.equal(names(await take(lines, 3)), ['ADDED a', 'MODIFIED a', 'DELETED a']);
  response.destroy();
});

test('selectors, and rows of a table instead of objects', async ({ at }) => {
  await at.ask(maps, json('POST', configMap('kube')));
  const accept = { Accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' };
  const lines = linesOf(await at.open(`${maps}?watch=true&fieldSelector=metadata.name%3Dkube`, { headers: accept }));
  const [first] = await take(lines, 1);
  assert.equal([first.object.kind, first.object.rows[0].cells[0]], ['Table', 'kube']);
  assert.ok(first.object.columnDefinitions.length > 0);
  await at.ask(maps, json('POST', configMap('other')));
  await at.ask(`${maps}/kube`, { method: 'DELETE' });
  const [second] = await take(lines, 1);
  assert.equal([second.type, second.object.columnDefinitions], ['DELETED', null]);
});

test('sendInitialEvents: what there is, then a bookmark that says so', async ({ at }) => {
  await at.ask(maps, json('POST', configMap('a')));
  const lines = linesOf(await at.open(`${maps}?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&fieldSelector=metadata.name!%3Dkube-root-ca.crt`));
  const [a, mark] = await take(lines, 2);
  assert.equal(names([a, mark]), ['ADDED a', 'BOOKMARK']);
  assert.equal(mark.object.metadata.annotations, { 'k8s.io/initial-events-end': 'true' });
  assert.is(mark.object.metadata.resourceVersion, await revision(at));
  const wrong = await at.ask(`${maps}?watch=true&sendInitialEvents=true`);
  assert.equal([wrong.code, wrong.body.reason], [422, 'Invalid']);
});

test('bookmarks every minute, and an end after timeoutSeconds', async ({ at }) => {
  const from = await revision(at);
  const response = await at.open(`${maps}?watch=true&resourceVersion=${from}&allowWatchBookmarks=true&timeoutSeconds=90`);
  const lines = linesOf(response);
  at.advance('61s');
  const [mark] = await take(lines, 1);
  assert.is(mark.type, 'BOOKMARK');
  assert.ok(Number(mark.object.metadata.resourceVersion) >= Number(from));
  at.advance('40s');
  assert.equal(await take(lines, 1), []);
  assert.ok(response.complete);
});

test('a revision that was compacted: the last word is 410', async ({ at }) => {
  const from = await revision(at);
  await at.ask(maps, json('POST', configMap('a')));
  at.cluster.server.compact();
  const response = await at.open(`${maps}?watch=true&resourceVersion=${from}`);
  const lines = linesOf(response);
  const [error, ...more] = await take(lines, 2);
  assert.equal([response.statusCode, error.type, error.object.code, error.object.reason, more.length], [200, 'ERROR', 410, 'Expired', 0]);
});

test('a reader that stands still is cut off and costs no other watcher', async ({ at }) => {
  const from = await revision(at);
  const slow = await at.open(`${maps}?watch=true&resourceVersion=${from}`, { agent: undefined, ca: at.serving.authority, ...at.serving.admin.client });
  // It may be cut off at any time from now on.
  slow.on('error', () => {});
  slow.pause();
  slow.socket.pause();
  const cut = new Promise((resolve) => slow.on('close', resolve));
  const lines = linesOf(await at.open(`${maps}?watch=true&resourceVersion=${from}`));
  const text = 'x'.repeat(20_000);
  const burst = 20;
  // The other one reads what it is sent; only the first falls behind.
  for (let i = 0; i < 800; i++) {
    at.cluster.client.create({ ...configMap(`m${i}`, { text }), metadata: { name: `m${i}`, namespace: 'default' } } as never);
    if ((i + 1) % burst > 0) continue;
    at.time.catchUp();
    assert.is((await take(lines, burst)).length, burst);
  }
  slow.socket.resume();
  slow.resume();
  await cut;
  assert.not.ok(slow.complete);
});

test('a client that goes away leaves nothing behind', async ({ at }) => {
  const response = await at.open(`${maps}?watch=true`);
  const closed = once(response.socket, 'close');
  response.destroy();
  await closed;
  await at.ask(maps, json('POST', configMap('a')));
  assert.equal(at.errors, []);
});

test('the same over a WebSocket', async ({ at }) => {
  const { authority, client } = at.serving.admin;
  const ws = new WebSocket(`${at.serving.url.replace('https', 'wss')}${maps}?watch=true&resourceVersion=${await revision(at)}`, { ca: authority, ...client });
  await once(ws, 'open');
  const message = once(ws, 'message');
  await at.ask(maps, json('POST', configMap('a')));
  const [data] = await message;
  assert.equal(names([JSON.parse(String(data))]), ['ADDED a']);
  const closed = once(ws, 'close');
  ws.close();
  await closed;
});

test('a WebSocket that asks for a list is given one as any other request', async ({ at }) => {
  const { authority, client } = at.serving.admin;
  const ws = new WebSocket(`${at.serving.url.replace('https', 'wss')}${maps}?fieldSelector=metadata.name%3Dnone&labelSelector=a%3Db`, { ca: authority, ...client });
  const [, response] = await once(ws, 'unexpected-response');
  let text = '';
  for await (const piece of response) text += String(piece);
  assert.equal([response.statusCode, text.slice(0, 41)], [200, '{"kind":"ConfigMapList","apiVersion":"v1"']);
  ws.on('error', () => {});
  ws.terminate();
});

test.run();
