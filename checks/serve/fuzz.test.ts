// A thousand malformed requests. None may crash the server, stall it, or fall through to an error that is our own fault.
import { once } from 'node:events';
import { connect } from 'node:tls';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createRandom, type Random } from '../../lib/sim/index.ts';
import { configMap, json, type Served, served } from './served.ts';

const test = suite<{ at: Served }>('fuzz');
test.before(async (context) => void (context.at = await served({}, { headTime: 300, bodyTime: 300 })));
test.after(({ at }) => at.close());

const seed = process.env.FUZZ_SEED ?? 'malformed';
const count = Number(process.env.FUZZ_COUNT ?? 1000);
const atOnce = 25;

const objects: Record<string, object> = {
  pods: { metadata: { name: 'p', labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'nginx', ports: [{ containerPort: 80 }], resources: { limits: { cpu: '1', memory: '1Gi' } }, env: [{ name: 'A', value: 'b' }], readinessProbe: { httpGet: { port: 80 } } }], tolerations: [{ key: 'a', operator: 'Exists' }] } },
  configmaps: { metadata: { name: 'm' }, data: { a: '1' }, binaryData: { b: 'AA==' } },
  secrets: { metadata: { name: 's' }, type: 'Opaque', stringData: { a: '1' } },
  services: { metadata: { name: 'v' }, spec: { type: 'NodePort', selector: { a: 'b' }, ports: [{ port: 80, targetPort: 'http', nodePort: 30080 }] } },
  namespaces: { metadata: { name: 'n', finalizers: ['a/b'] } },
  nodes: { metadata: { name: 'k' }, spec: { taints: [{ key: 'a', effect: 'NoSchedule' }] }, status: { capacity: { cpu: '1' } } },
  events: { metadata: { name: 'e', namespace: 'default' }, involvedObject: { kind: 'Pod', namespace: 'default' }, firstTimestamp: '2026-01-01T00:00:00Z' },
  deployments: { metadata: { name: 'd' }, spec: { replicas: 1, selector: { matchLabels: { a: 'b' } }, template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } }, strategy: { rollingUpdate: { maxSurge: '25%' } } } },
};
const odd = ['', null, 0, -1, 1e308, true, [], {}, [null], [[]], { a: null }, 'é\u0000', '\ud800', 'x'.repeat(300), '1e9999', ' ', '-', '../..', '__proto__', 'constructor', 9007199254740993, '2026-13-45T99:99:99Z'];
const keys = ['metadata', 'name', 'spec', 'labels', 'annotations', 'ownerReferences', 'finalizers', 'status', '__proto__', 'constructor', 'toString', 'kind', 'apiVersion', 'replicas', 'containers', 'deletionTimestamp', 'generateName', 'namespace', 'uid', 'resourceVersion'];
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND'];
const types = ['application/json', 'application/yaml', 'application/json-patch+json', 'application/merge-patch+json', 'application/strategic-merge-patch+json', 'application/apply-patch+yaml', 'application/vnd.kubernetes.protobuf', 'text/plain', ';;;', ''];
const queries = ['watch=true&timeoutSeconds=0', 'limit=-1', 'limit=1e9', 'continue=%00', 'continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEifQ', 'resourceVersion=-5', 'resourceVersion=99999999', 'resourceVersionMatch=Exact&resourceVersion=1', 'labelSelector=a+in+(', 'labelSelector=%ff', 'fieldSelector=a', 'fieldSelector=metadata.name==', 'dryRun=All', 'dryRun=x', 'fieldValidation=Strict', 'fieldValidation=x', 'fieldManager=%00', 'force=true', 'gracePeriodSeconds=-1', 'propagationPolicy=x', 'orphanDependents=true', 'pretty=true', 'sendInitialEvents=true', '=&&=', '%', 'tailLines=-3', 'container=x'];
const accepts = ['application/json', '*/*', 'application/json;as=Table;v=v1;g=meta.k8s.io', 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io', 'application/json;as=x;g=;v', 'application/yaml', ';=;,', 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'];

/** A copy with something in it replaced, added or taken away. */
function mutated(value: any, random: Random, depth = 0): any {
  if (depth > 6 || random.int(6) === 0) return random.pick(odd);
  if (Array.isArray(value)) return value.map((one) => (random.int(2) ? mutated(one, random, depth + 1) : one));
  if (typeof value !== 'object' || value === null) return random.int(2) ? random.pick(odd) : value;
  const entries = Object.entries(value).filter(() => random.int(8) > 0);
  const changed = entries.map(([key, inner]) => [key, random.int(3) === 0 ? mutated(inner, random, depth + 1) : inner]);
  if (random.int(3) === 0) changed.push([random.pick(keys), random.pick(odd)]);
  return Object.fromEntries(changed);
}

/** Bytes swapped, dropped or doubled. */
function damaged(text: string, random: Random): Buffer {
  const bytes = [...Buffer.from(text)];
  for (let n = 1 + random.int(6); n > 0; n--) {
    const at = random.int(bytes.length || 1);
    const what = random.int(3);
    if (what === 0) bytes.splice(at, 1 + random.int(8));
    else if (what === 1) bytes.splice(at, 0, random.int(256));
    else bytes[at] = random.int(256);
  }
  return Buffer.from(bytes);
}

function bodyFor(plural: string, random: Random): string {
  const object = mutated(objects[plural], random);
  switch (random.int(6)) {
    case 0:
      return damaged(JSON.stringify(object), random).toString('latin1');
    case 1:
      return JSON.stringify([{ op: random.pick(['add', 'remove', 'replace', 'move', 'copy', 'test', 'x']), path: random.pick(['/metadata/labels/a', '', '/', 'x', '/spec/-', '/~2', '/__proto__/x']), value: random.pick(odd), from: '/metadata' }]);
    case 2:
      return JSON.stringify({ kind: random.pick(['DeleteOptions', 'Scale', 'Binding', 'Eviction', 'x']), apiVersion: random.pick(['v1', 'autoscaling/v1', 'policy/v1', 'x/y/z']), ...(random.int(2) ? mutated(objects[plural], random) : { gracePeriodSeconds: random.pick(odd), preconditions: random.pick(odd), dryRun: random.pick(odd) }) });
    default:
      return JSON.stringify(object) ?? '';
  }
}

function requestOf(random: Random): Buffer {
  const plural = random.pick(Object.keys(objects));
  const group = plural === 'deployments' ? '/apis/apps/v1' : '/api/v1';
  const scope = plural === 'namespaces' || plural === 'nodes' ? '' : '/namespaces/default';
  const name = random.pick(['', '', '/p', '/d', '/kube-root-ca.crt', '/%2e%2e', '/%ff', '/a%2fb', '/worker-1']);
  const sub = name && random.int(3) === 0 ? `/${random.pick(['status', 'scale', 'log', 'exec', 'binding', 'eviction', 'finalize', 'ephemeralcontainers', 'x', 'proxy/x', 'portforward'])}` : '';
  const query = random.int(2) ? `?${random.pick(queries)}&${random.pick(queries)}` : '';
  const path = random.int(12) === 0 ? random.pick(['//', '/../..', '/api/v1/watch/pods?timeoutSeconds=0', '*', 'http://[', '/apis/%00/v1/x', '/openapi/v3/..', '/openapi/v2%00', `/${'a/'.repeat(500)}`, '/api/v1/namespaces//pods', '']) : `${group}${scope}/${plural}${name}${sub}${query}`;
  const body = random.int(4) === 0 ? '' : bodyFor(plural, random);
  const length = random.int(20) === 0 ? random.pick(['-1', '1e3', `${body.length + 5}`, '99999999999']) : String(Buffer.byteLength(body));
  const upgrade = random.int(15) === 0 ? `Upgrade: ${random.pick(['websocket', 'SPDY/3.1', 'h2c', ''])}\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\n` : 'Connection: close\r\n';
  const text = `${random.pick(methods)} ${path} HTTP/1.1\r\nHost: x\r\n${upgrade}Content-Type: ${random.pick(types)}\r\nAccept: ${random.pick(accepts)}\r\nContent-Length: ${length}\r\n\r\n${body}`;
  return random.int(5) === 0 ? damaged(text, random) : Buffer.from(text);
}

async function send({ serving }: Served, bytes: Buffer): Promise<string> {
  const halfOpen = { allowHalfOpen: true };
  const socket = connect({ host: '127.0.0.1', port: serving.port, ca: serving.authority, ...serving.admin.client, ...halfOpen });
  socket.on('error', () => {});
  let text = '';
  socket.on('data', (piece) => {
    text += String(piece);
    // A watch that was opened by chance never ends by itself.
    if (/^transfer-encoding: chunked/im.test(text)) socket.destroy();
  });
  socket.end(bytes);
  await once(socket, 'close');
  return text;
}

test('a thousand malformed requests', async ({ at }) => {
  const random = createRandom(seed);
  const codes = new Map<string, number>();
  const faults: string[] = [];
  for (let i = 0; i < count; i += atOnce) {
    const batch = Array.from({ length: Math.min(atOnce, count - i) }, () => requestOf(random));
    const answers = await Promise.all(batch.map((bytes) => send(at, bytes)));
    answers.forEach((text, n) => {
      const code = /^HTTP\/1\.[01] (\d+)/.exec(text)?.[1] ?? 'none';
      codes.set(code, (codes.get(code) ?? 0) + 1);
      if (/Internal error occurred/.test(text) || (code === 'none' && text !== '')) faults.push(`${batch[n]!.toString('latin1').slice(0, 600)}\n→ ${text.slice(-400)}`);
    });
    assert.is((await at.ask('/healthz')).text, 'ok');
  }
  at.advance('1m');
  assert.equal(faults, []);
  assert.equal(at.errors.map(String), []);
  assert.ok((codes.get('400') ?? 0) > count / 10, JSON.stringify([...codes]));
  assert.ok((codes.get('none') ?? 0) < count / 5, JSON.stringify([...codes]));
});

test('it still does its work', async ({ at }) => {
  const maps = '/api/v1/namespaces/default/configmaps';
  assert.is((await at.ask(maps, json('POST', configMap('after')))).code, 201);
  for (const plural of ['pods', 'services', 'events', 'nodes', 'namespaces', 'secrets']) assert.is((await at.ask(`/api/v1/${plural}`)).code, 200);
});

test.run();
