import { createHash } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Endpoints, EndpointSlice, Pod } from '../../lib/api/index.ts';
import { md5 } from '../../lib/controllers/endpoints/md5.ts';
import { type ControlPlane, createControlPlane, run, template } from './control-plane.ts';

const test = suite('endpoints');
const key = { namespace: 'default', name: 'web' };

function service(plane: ControlPlane, spec: object = {}): void {
  plane.client.create({ kind: 'Service', metadata: key, spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }], ...spec } });
}

function addPods(plane: ControlPlane, from: number, count: number): Pod[] {
  return Array.from({ length: count }, (_, i) => {
    const n = from + i;
    const { spec } = template({}) as { spec: object };
    const pod = plane.client.create<Pod>({ kind: 'Pod', metadata: { name: `p${n}`, namespace: 'default', labels: { app: 'web' } }, spec: { nodeName: 'n1', ...spec } });
    return run(plane, pod, { ip: `10.0.${n >> 8}.${n & 255}` });
  });
}

const slices = (plane: ControlPlane) => plane.list<EndpointSlice>('EndpointSlice', 'default').filter(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === 'web');
const sizes = (plane: ControlPlane) => slices(plane).map(({ endpoints }) => (endpoints ?? []).length).sort((a, b) => a - b);
const endpoints = (plane: ControlPlane) => plane.client.get('Endpoints', key) as Endpoints;

function fresh(options: Parameters<typeof createControlPlane>[0] = {}): ControlPlane {
  const plane = createControlPlane(options);
  plane.client.create({ kind: 'Node', metadata: { name: 'n1' } });
  // A node is known before there are pods on it.
  plane.settle();
  return plane;
}

test('a hundred endpoints a slice, and none twice, in every order of steps', () => {
  for (let seed = 1; seed <= 5; seed++) {
    const plane = fresh({ seed });
    service(plane);
    addPods(plane, 0, 150);
    plane.advance('2s');
    const more = addPods(plane, 150, 100);
    plane.advance('2s');
    const all = slices(plane).flatMap((slice) => slice.endpoints.map(({ addresses }) => addresses[0]!));
    assert.is(all.length, 250, `seed ${seed}`);
    assert.is(new Set(all).size, 250);
    assert.ok(sizes(plane).every((size) => size <= 100));
    for (const pod of more) plane.client.delete(pod, { gracePeriodSeconds: 0 });
    plane.advance('2s');
    assert.is(slices(plane).flatMap((slice) => slice.endpoints).length, 150);
    assert.is(endpoints(plane).subsets![0]!.addresses!.length, 150);
    assert.not.ok(plane.events().some(({ reason }) => reason.startsWith('FailedTo')), `seed ${seed}`);
  }
});

test('a terminating pod serves until it is gone, from v1.22 on', () => {
  const plane = fresh({ version: 'v1.33' });
  service(plane);
  const [pod] = addPods(plane, 1, 1);
  plane.advance('1s');
  plane.client.delete(pod!);
  plane.advance('1s');
  assert.equal(slices(plane)[0]!.endpoints[0]!.conditions, { ready: false, serving: true, terminating: true } as object);
  assert.is(endpoints(plane).subsets?.length ?? 0, 0);
});

test('Endpoints hold a thousand addresses at most', () => {
  const plane = fresh();
  service(plane);
  addPods(plane, 0, 1005);
  plane.advance('2s');
  assert.is(endpoints(plane).subsets![0]!.addresses!.length, 1000);
  assert.is(endpoints(plane).metadata.annotations?.['endpoints.kubernetes.io/over-capacity'], 'truncated');
  assert.is(slices(plane).flatMap((slice) => slice.endpoints).length, 1005);
});

test('a service without endpoints has one empty slice, and loses all with the service', () => {
  const plane = fresh();
  service(plane);
  plane.advance('1s');
  assert.equal(sizes(plane), [0]);
  plane.client.delete(plane.client.get('Service', key));
  plane.advance('1s');
  assert.equal(sizes(plane), []);
  assert.not.ok(plane.list('Endpoints', 'default').some(({ metadata }) => metadata.name === 'web'));
});

test('labels of the service are those of its slices', () => {
  const plane = fresh();
  service(plane);
  addPods(plane, 1, 1);
  plane.advance('1s');
  plane.client.patch('Service', key, { metadata: { labels: { team: 'a' } } });
  plane.advance('1s');
  assert.is(slices(plane)[0]!.metadata.labels?.team, 'a');
  assert.is(endpoints(plane).metadata.labels?.team, 'a');
});

test('hand-made Endpoints are mirrored, changed and taken away again', () => {
  const plane = fresh();
  service(plane, { selector: undefined });
  const subset = (ip: string) => [{ addresses: [{ ip }], ports: [{ port: 5432 }] }];
  plane.client.create({ kind: 'Endpoints', metadata: key, subsets: subset('203.0.113.5') });
  plane.advance('1s');
  const mirrored = () => slices(plane).map((slice) => [slice.metadata.labels?.['endpointslice.kubernetes.io/managed-by'], slice.endpoints.map(({ addresses }) => addresses[0])]);
  const by = 'endpointslicemirroring-controller.k8s.io';
  assert.equal(mirrored(), [[by, ['203.0.113.5']]]);
  plane.client.update({ ...endpoints(plane), subsets: subset('203.0.113.9') } as Endpoints);
  plane.advance('1s');
  assert.equal(mirrored(), [[by, ['203.0.113.9']]]);
  plane.client.delete(endpoints(plane));
  plane.advance('1s');
  assert.equal(mirrored(), []);
});

test('a write that is refused is told at the service, and tried again after one second, two, four', () => {
  const plane = fresh();
  const quota = { kind: 'ResourceQuota', metadata: { name: 'none', namespace: 'default' }, spec: { hard: { 'count/endpointslices.discovery.k8s.io': '0' } } };
  plane.client.create(quota);
  plane.advance('1s');
  service(plane);
  plane.advance('6s');
  const told = () => plane.events().filter(({ reason }) => reason === 'FailedToUpdateEndpointSlices');
  assert.equal(told().map(({ object, component, count }) => [object, component, count]), Array(3).fill(['Service/web', 'endpoint-slice-controller', 1]));
  assert.match(told()[0]!.message, /^Error updating Endpoint Slices for Service default\/web: failed to create EndpointSlice for Service default\/web: endpointslices.discovery.k8s.io "web-\w+" is forbidden: exceeded quota: none/);
  plane.client.delete({ kind: 'ResourceQuota', metadata: quota.metadata });
  plane.advance('10s');
  assert.is(slices(plane).length, 1);
});

// As recorded from kube-controller-manager v1.20.2.
test('a pod whose node is not there keeps its service from being written, since v1.25 only itself', () => {
  for (const [version, count, message] of [
    ['v1.20', 1, 'node "n1" not found'],
    ['v1.33', 0, 'skipping Pod p0 for Service default/web: Node n1 Not Found'],
  ] as const) {
    const plane = fresh({ version });
    service(plane);
    addPods(plane, 0, 1);
    plane.advance('1s');
    assert.equal(sizes(plane), [1]);
    plane.client.delete({ kind: 'Node', metadata: { name: 'n1' } });
    plane.client.create({ kind: 'Node', metadata: { name: 'n2' } });
    plane.client.patch('Service', key, { metadata: { labels: { team: 'a' } } });
    plane.advance('500ms');
    assert.is(sizes(plane).reduce((sum, size) => sum + size, 0), count, version);
    assert.is(plane.events().find(({ reason }) => reason === 'FailedToUpdateEndpointSlices')?.message, `Error updating Endpoint Slices for Service default/web: ${message}`);
  }
});

test('what is written says when the change was that led to it; nothing is said of a later look', () => {
  const plane = fresh({ version: 'v1.20' });
  service(plane);
  plane.advance('10s');
  const at = ({ metadata }: Endpoints | EndpointSlice) => metadata.annotations?.['endpoints.kubernetes.io/last-change-trigger-time'];
  const made = plane.client.get('Service', key).metadata.creationTimestamp;
  // An empty slice is written again at each look, in this release.
  assert.is(at(endpoints(plane)), made);
  assert.is(endpoints(plane).subsets, undefined);
  const ready = addPods(plane, 0, 1)[0]!.status.conditions![0]!.lastTransitionTime;
  plane.advance('10s');
  assert.equal([at(endpoints(plane)), at(slices(plane)[0]!)], [ready, ready]);
  plane.client.patch('Service', key, { metadata: { labels: { team: 'a' } } });
  plane.advance('1s');
  assert.equal([at(endpoints(plane)), at(slices(plane)[0]!)], [undefined, undefined]);
});

test('a label of headless services on another is not copied, and does not stop the controller', () => {
  const plane = fresh();
  plane.client.create({ kind: 'Service', metadata: { ...key, labels: { 'service.kubernetes.io/headless': 'x', team: 'a' } }, spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } });
  plane.advance('2s');
  addPods(plane, 0, 1);
  plane.advance('2s');
  assert.not('service.kubernetes.io/headless' in endpoints(plane).metadata.labels!);
  assert.is(endpoints(plane).subsets?.[0]?.addresses?.length, 1);
});

test('an address that stands twice in hand-made Endpoints is mirrored once', () => {
  const plane = fresh();
  service(plane, { selector: undefined });
  plane.client.create({ kind: 'Endpoints', metadata: key, subsets: [{ addresses: [{ ip: '203.0.113.5' }, { ip: '203.0.113.5' }], ports: [{ port: 5432 }] }] });
  plane.advance('1s');
  assert.equal(sizes(plane), [1]);
});

test('MD5 is MD5', () => {
  for (const text of ['', 'a', 'x'.repeat(55), 'x'.repeat(56), 'x'.repeat(64), '쿠버네티스', 'x'.repeat(1000)]) {
    assert.is(md5(text), createHash('md5').update(text).digest('hex'));
  }
});

test.run();
