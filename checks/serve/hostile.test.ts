// Requests that no honest client sends: each costs its sender, not the server.
import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import { connect as connectPlain } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { configMap, json, type Served, served } from './served.ts';

const test = suite<{ at: Served }>('hostile');
test.before(async (context) => void (context.at = await served({}, { headTime: 300, bodyTime: 300, linger: 50, stall: 300 })));
test.after(({ at }) => at.close());
const maps = '/api/v1/namespaces/default/configmaps';

async function raw({ serving }: Served): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port: serving.port, ca: serving.authority, ...serving.admin.client });
  socket.on('error', () => {});
  await once(socket, 'secureConnect');
  return socket;
}

async function readAll(socket: TLSSocket): Promise<string> {
  let text = '';
  for await (const piece of socket) text += String(piece);
  return text;
}

const alive = async (at: Served) => assert.is((await at.ask('/healthz')).text, 'ok');

test('bodies have a limit, said with a Status', async ({ at }) => {
  const large = 'x'.repeat(3 * 1024 * 1024);
  const answer = await at.ask(maps, json('POST', configMap('large', { large })));
  assert.equal([answer.code, answer.body.reason, answer.body.message], [413, 'RequestEntityTooLarge', 'Request entity too large: limit is 3145728']);
  const socket = await raw(at);
  socket.write(`POST ${maps} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n`);
  const answered = readAll(socket);
  const chunk = `100000\r\n${'y'.repeat(0x100000)}\r\n`;
  for (let i = 0; i < 4; i++) socket.write(chunk);
  assert.match(await answered, /^HTTP\/1\.1 413 /);
  await alive(at);
});

test('deep nesting is refused before anybody descends', async ({ at }) => {
  const deep = `${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`;
  for (const [type, body] of [['application/json', deep], ['application/yaml', `${'['.repeat(100_000)}`], ['application/json', `{"metadata":{"name":"deep"},"data":${'['.repeat(9_000)}${']'.repeat(9_000)}}`]]) {
    const answer = await at.ask(maps, { method: 'POST', headers: { 'Content-Type': type }, body });
    assert.is(answer.code, 400, type);
  }
  const patch = await at.ask(`${maps}/kube-root-ca.crt`, { method: 'PATCH', headers: { 'Content-Type': 'application/merge-patch+json' }, body: `${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}` });
  assert.ok(patch.code >= 200 && patch.code < 500, String(patch.code));
  await alive(at);
});

test('half a request does not wait for ever', async ({ at }) => {
  const [head, body] = await Promise.all([raw(at), raw(at)]);
  head.write('GET /healthz HTT');
  body.write(`POST ${maps} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"meta`);
  assert.match(await readAll(head), /^HTTP\/1\.1 408 /);
  assert.match(await readAll(body), /^HTTP\/1\.1 408 /);
  await alive(at);
});

test('an answer that nobody takes is not kept for ever', async ({ at }) => {
  for (let i = 0; i < 10; i++) await at.ask('/api/v1/namespaces/kube-public/configmaps', json('POST', { ...configMap(`big-${i}`, { text: 'x'.repeat(900_000) }), metadata: { name: `big-${i}` } }));
  const socket = await raw(at);
  socket.pause();
  socket.write('GET /api/v1/namespaces/kube-public/configmaps HTTP/1.1\r\nHost: x\r\nUser-Agent: test\r\n\r\n');
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  await new Promise((resolve) => setTimeout(resolve, 900));
  const text = readAll(socket).catch(() => '');
  await closed;
  assert.ok((await text).length < 9_000_000);
  await alive(at);
});

test('what is no HTTP is answered as Go does', async ({ at }) => {
  const socket = await raw(at);
  socket.write('\x00\x01nonsense\r\n\r\n');
  assert.match(await readAll(socket), /^HTTP\/1\.1 400 Bad Request\r\nContent-Type: text\/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request$/);
  const plain = connectPlain(at.serving.port, '127.0.0.1').on('error', () => {});
  plain.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(plain, 'close');
  await alive(at);
});

test('requests that are sent without waiting are answered in order', async ({ at }) => {
  const socket = await raw(at);
  const body = JSON.stringify(configMap('piped'));
  const end = 'Host: x\r\nConnection: close\r\n\r\n';
  socket.write(`POST ${maps} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}GET ${maps}/piped HTTP/1.1\r\nHost: x\r\n\r\nDELETE ${maps}/piped HTTP/1.1\r\nHost: x\r\n\r\nGET ${maps}/piped HTTP/1.1\r\n${end}`);
  const text = await readAll(socket);
  assert.equal([...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, code]) => code), ['201', '200', '200', '404']);
});

test('a connection is used again', async ({ at }) => {
  const socket = await raw(at);
  let text = '';
  socket.on('data', (piece) => (text += String(piece)));
  for (let i = 1; i <= 3; i++) {
    socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
    while (text.split('\r\n\r\nok').length <= i) await once(socket, 'data');
  }
  socket.destroy();
});

test('a connection that has become something else and talks nonsense is closed', async ({ at }) => {
  at.cluster.kubectl.run('run shell --image=busybox -- sleep 1000');
  at.advance('10s');
  const path = '/api/v1/namespaces/default/pods/shell';
  const exec = `${path}/exec?command=cat&stdin=true&stdout=true`;
  const spdy = 'Connection: Upgrade\r\nUpgrade: SPDY/3.1\r\n';
  const channels = `${spdy}X-Stream-Protocol-Version: v4.channel.k8s.io\r\n`;
  const ws = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: v5.channel.k8s.io\r\n';
  const talk = async (head: string, path: string, nonsense: Buffer) => {
    const socket = await raw(at);
    socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n${head}\r\n`);
    socket.write(nonsense);
    socket.end();
    return (await readAll(socket)).split('\r\n')[0];
  };
  const synStream = Buffer.from('80030001000000140000000100000000000078bbe3c6a7c2ffffffff', 'hex');
  const random = Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 7919) & 255));
  for (const nonsense of [random, synStream, Buffer.alloc(64, 255), Buffer.from('80030006000000010000000000', 'hex')]) {
    assert.is(await talk(channels, exec, nonsense), 'HTTP/1.1 101 Switching Protocols');
    assert.is(await talk(ws, exec, nonsense), 'HTTP/1.1 101 Switching Protocols');
    assert.is(await talk(`${spdy}X-Stream-Protocol-Version: portforward.k8s.io\r\n`, `${path}/portforward`, nonsense), 'HTTP/1.1 101 Switching Protocols');
  }
  assert.is(await talk(spdy, exec, random), 'HTTP/1.1 403 Forbidden');
  assert.is(await talk(channels, `${path}x/exec?command=ls`, random), 'HTTP/1.1 404 Not Found');
  assert.is(await talk('Connection: Upgrade\r\nUpgrade: h2c\r\n', exec, random), 'HTTP/1.1 400 Bad Request');
  await alive(at);
});

test('a YAML bomb is no bomb', async ({ at }) => {
  const levels = Array.from({ length: 12 }, (_, i) => `a${i}: &a${i} [${Array.from({ length: 9 }, () => (i ? `*a${i - 1}` : 'x')).join(', ')}]`).join('\n');
  const answer = await at.ask(maps, { method: 'POST', headers: { 'Content-Type': 'application/yaml' }, body: levels });
  assert.is(answer.code, 400);
  await alive(at);
});

test('nothing went wrong inside', ({ at }) => assert.equal(at.errors, []));
/** Texts on which a reader that looks at a place again and again would not end. */
const long = (text: string) => text.repeat(200_000 / text.length);
const container = (more: object) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'long' }, spec: { containers: [{ name: 'c', image: 'busybox', ...more }] } });
const pods = '/api/v1/namespaces/default/pods';
const longTexts: [what: string, path: string, object: object][] = [
  ['image', pods, container({ image: `example.com/a${long('g0')}//x` })],
  ['quantity', pods, container({ resources: { limits: { cpu: `${long('0')}x` } } })],
  ['digits', pods, container({ resources: { limits: { cpu: `${long('1')}x` } } })],
  ['references to variables', pods, container({ args: [`)${long('$(')}`] })],
  ['name', pods, { ...container({}), metadata: { name: `${long('a-')}!` } }],
  ['iSCSI name', pods, { ...container({}), spec: { ...container({}).spec, volumes: [{ name: 'v', iscsi: { targetPortal: 'a', lun: 0, iqn: `${long('iqn.2001-01.a')} ` } }] } }],
  ['key', maps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'long' }, data: { [`]${long('[')}`]: 1 } }],
  ['certificate request', '/apis/certificates.k8s.io/v1/certificatesigningrequests', { apiVersion: 'certificates.k8s.io/v1', kind: 'CertificateSigningRequest', metadata: { name: 'long' }, spec: { signerName: 'a.b/c', usages: ['client auth'], request: Buffer.from(long('-----BEGIN  -----\n ')).toString('base64') } }],
];

for (const [what, path, object] of longTexts) {
  test(`a long ${what} costs its length`, async ({ at }) => {
    const begin = performance.now();
    const { code } = await at.ask(path, json('POST', object));
    at.advance('5s');
    const seconds = (performance.now() - begin) / 1000;
    assert.ok(code < 500, `it was answered with ${code}`);
    assert.ok(seconds < 10, `it took ${seconds} s`);
  });
}

test.run();
