// Drawings of a real cluster.
import { inspect } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createCluster } from '../../lib/index.ts';
import { drawCluster, podState, timeline } from '../../lib/view/index.ts';
import { contrasts } from './contrast.ts';

const test = suite('view');

function objects(cluster: ReturnType<typeof createCluster>) {
  const { client } = cluster;
  return { nodes: client.list('Node').items, pods: client.list('Pod').items, services: client.list('Service').items };
}

function busyCluster() {
  const cluster = createCluster({ nodes: 2 });
  const { kubectl } = cluster;
  kubectl.run('create deployment web --image=nginx:1.25 --replicas=2');
  kubectl.run('expose deployment web --port=80');
  kubectl.run('create service clusterip lonely --tcp=80');
  kubectl.run(['run', 'crash', '--image=busybox', '--', 'sh', '-c', 'exit 1']);
  kubectl.run(['run', 'homeless', '--image=nginx:1.25', '--overrides={"spec":{"nodeSelector":{"disk":"ssd"}}}']);
  cluster.advance('30s');
  return cluster;
}

test('text lists nodes, pods by state, and services', () => {
  const text = String(drawCluster({ ...objects(busyCluster()), title: '실습' }));
  assert.match(text, /^실습\n/);
  assert.match(text, /control-plane +Ready {2}컨트롤 플레인/);
  assert.is(text.match(/● web-/g)?.length, 2);
  assert.match(text, /✕ crash +CrashLoopBackOff .*재시작 \d+회/);
  assert.match(text, /노드를 기다리는 파드 1개\n {2}○ homeless {2}Pending/);
  assert.match(text, /서비스 web .*→ 파드 2개/);
  assert.match(text, /서비스 lonely .*→ 파드 없음/);
});

test('the picture is well-formed and names every pod', () => {
  const cluster = busyCluster();
  const { svg } = drawCluster({ ...objects(cluster), title: 'a < b & "c"' });
  assert.match(svg, /^<svg [^>]*role="img"/);
  assert.is(svg.match(/<g>/g)?.length, svg.match(/<\/g>/g)?.length);
  assert.match(svg, /a &lt; b &amp;/);
  for (const { metadata } of objects(cluster).pods) assert.ok(svg.includes(metadata.name), metadata.name);
  assert.not.match(svg, /undefined|NaN/);
});

test('a drawing changes nothing and is the same twice', () => {
  const all = objects(busyCluster());
  assert.is(drawCluster(all).svg, drawCluster(all).svg);
});

test('states of a pod: created, running, deleted', () => {
  const cluster = createCluster({ nodes: 1 });
  const state = () => podState(cluster.client.get('Pod', { namespace: 'default', name: 'web' })).state;
  cluster.kubectl.run('run web --image=busybox -- sleep 1d');
  assert.is(state(), 'creating');
  cluster.advance('10s');
  assert.is(state(), 'ready');
  cluster.kubectl.run('delete pod web --wait=false');
  assert.is(state(), 'terminating');
});

test('many pods become squares, and are counted in the text', () => {
  const cluster = createCluster({ nodes: 1 });
  cluster.kubectl.run('create deployment web --image=nginx:1.25 --replicas=30');
  cluster.advance('60s');
  const drawn = drawCluster(objects(cluster));
  assert.match(String(drawn), /● 30/);
  assert.is(drawn.svg.match(/width="12" height="12"/g)?.length, 30);
});

test('a timeline counts from the first event and marks warnings', () => {
  const { client } = busyCluster();
  const events = client.list('Event', { namespace: 'default' }).items.filter(({ involvedObject }) => involvedObject.kind === 'Pod');
  const drawn = timeline(events);
  assert.match(String(drawn), /^\+0s {2}/);
  assert.match(String(drawn), /Pod\/crash +! BackOff/);
  assert.match(drawn.svg, /#c53030/);
  assert.is(String(timeline([])), '이벤트 없음');
});

test('a scheduling decision is told node by node, the best on top', async () => {
  const cluster = busyCluster();
  const placed = inspect(cluster.explain('crash'));
  assert.match(placed, /^파드 default\/crash: 갈 수 있는 노드\n/);
  assert.match(placed, /\n {2}★ worker-[12] +\d+점 = /);
  assert.match(placed, /\n {2}✗ control-plane +TaintToleration: node\(s\) had untolerated taint/);
  const homeless = inspect(cluster.explain('homeless'));
  assert.match(homeless, /^파드 default\/homeless: 갈 수 있는 노드\n/);
  assert.match(homeless, /\n {2}✗ worker-1 +NodeAffinity: node\(s\) didn't match Pod's node affinity\/selector\n/);
  assert.match(homeless, /\n0\/3 nodes are available: /);
});

test('every text of a drawing can be read on what lies behind it, on a page of any colour', async () => {
  const cluster = busyCluster();
  cluster.kubectl.run('cordon worker-2');
  const { client } = cluster;
  const drawings = { cluster: drawCluster({ ...objects(cluster), title: '실습' }), events: timeline(client.list('Event').items), explained: cluster.explain('homeless').drawing, path: cluster.trace({ from: 'worker-1', to: 'web' }), lost: cluster.trace({ from: 'worker-1', to: 'lonely' }) };
  for (const [name, { svg }] of Object.entries(drawings)) for (const { text, contrast } of contrasts(svg)) assert.ok(contrast >= 4.5, `${name}: '${text}' stands out by ${contrast.toFixed(2)} only`);
});

test.run();
