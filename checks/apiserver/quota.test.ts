// Quotas: what is charged, when, and what is given back. The rest is in scenarios/quotas.txt and in the recordings.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Pod, ResourceQuota } from '../../lib/api/index.ts';
import { type ControlPlane, createControlPlane } from '../controllers/control-plane.ts';

const namespace = 'default';

function planeWith(...quotas: { name: string; [field: string]: unknown }[]): ControlPlane {
  const plane = createControlPlane({ only: ['resourcequota', 'serviceaccount'] });
  for (const { name, ...spec } of quotas) plane.client.create({ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name, namespace }, spec });
  plane.advance('1s');
  return plane;
}

const podOf = (name: string, spec: object = {}, cpu?: string) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace }, spec: { containers: [{ name: 'app', image: 'nginx', ...(cpu && { resources: { requests: { cpu } } }) }], ...spec } });
const quotaOf = ({ client }: ControlPlane, name = 'q') => client.get('ResourceQuota', { namespace, name }) as ResourceQuota;
const used = (plane: ControlPlane, name?: string) => quotaOf(plane, name).status.used;
const refused = (run: () => unknown) => {
  try {
    run();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

test('a quota without usage refuses what it cannot count', () => {
  const { client } = createControlPlane({ only: ['serviceaccount'] });
  const quota = client.create<ResourceQuota>({ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'q', namespace }, spec: { hard: { pods: '2' } } });
  client.create(podOf('before'));
  client.updateStatus(quota, { hard: { pods: '2' } });
  assert.is(refused(() => client.create(podOf('after'))), 'pods "after" is forbidden: status unknown for quota: q, resources: pods');
});

test('a resized pod is charged with the greatest of what it asks for, was given and has', () => {
  const plane = planeWith({ name: 'q', hard: { 'requests.cpu': '5' } });
  const { client } = plane;
  client.create({ ...podOf('web', { nodeName: 'n1' }, '2') });
  const has = (cpu: string) => {
    const requests = { cpu };
    client.patch('Pod', { namespace, name: 'web' }, { status: { containerStatuses: [{ name: 'app', image: 'nginx', imageID: '', ready: true, restartCount: 0, resources: { requests }, allocatedResources: requests }] } }, { type: 'merge', subresource: 'status' });
    plane.advance('1s');
  };
  has('2');
  client.patch('Pod', { namespace, name: 'web' }, { spec: { containers: [{ name: 'app', resources: { requests: { cpu: '1' } } }] } }, { subresource: 'resize' });
  plane.advance('1s');
  assert.equal(used(plane), { 'requests.cpu': '2' });
  has('1');
  assert.equal(used(plane), { 'requests.cpu': '1' });
});

test('a refused write charges none of several quotas, and a dry run charges nothing', () => {
  const plane = planeWith({ name: 'q', hard: { pods: '5' } }, { name: 'r', hard: { 'count/pods': '1' } });
  plane.client.create(podOf('one'));
  assert.match(refused(() => plane.client.create(podOf('two'))), /exceeded quota: r, requested: count\/pods=1, used: count\/pods=1, limited: count\/pods=1$/);
  assert.equal([used(plane, 'q'), used(plane, 'r')], [{ pods: '1' }, { 'count/pods': '1' }]);
  const other = planeWith({ name: 'q', hard: { pods: '5' } });
  other.client.create(podOf('one'), { dryRun: true });
  assert.equal(used(other), { pods: '0' });
});

test('a charge that comes while the quota is counted is not lost', () => {
  const plane = planeWith({ name: 'q', hard: { pods: '2' } });
  plane.client.create(podOf('one'));
  plane.client.patch('ResourceQuota', { namespace, name: 'q' }, { spec: { hard: { pods: '3' } } }, { type: 'merge' });
  plane.client.create(podOf('two'));
  plane.advance('10m');
  assert.equal(quotaOf(plane).status, { hard: { pods: '3' }, used: { pods: '2' } });
});

test('a pod that has ended gives back what it used, but is still an object', () => {
  const plane = planeWith({ name: 'q', hard: { pods: '2', 'requests.cpu': '1', 'count/pods': '5' } });
  const pod = plane.client.create<Pod>(podOf('one', {}, '300m'));
  assert.equal(used(plane), { 'count/pods': '1', pods: '1', 'requests.cpu': '300m' });
  plane.client.updateStatus(pod, { phase: 'Succeeded' });
  plane.advance('1s');
  assert.equal(used(plane), { 'count/pods': '1', pods: '0', 'requests.cpu': '0' });
});

test('a quota of a priority class is about its pods only', () => {
  const scopeSelector = { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: ['high'] }] };
  const plane = planeWith({ name: 'q', hard: { pods: '1' }, scopeSelector });
  for (const [name, value] of [['high', 100], ['low', 1]] as const) plane.client.create({ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name }, value });
  plane.client.create(podOf('plain'));
  plane.client.create(podOf('low', { priorityClassName: 'low' }));
  plane.client.create(podOf('first', { priorityClassName: 'high' }));
  assert.match(refused(() => plane.client.create(podOf('second', { priorityClassName: 'high' }))), /exceeded quota: q/);
  plane.client.delete({ kind: 'Pod', metadata: { namespace, name: 'first' } });
  plane.advance('1s');
  assert.equal(used(plane), { pods: '0' });
});

test('a sidecar counts beside the containers, an init container only where it needs more', () => {
  const plane = planeWith({ name: 'q', hard: { 'requests.cpu': '10' } });
  const start = (name: string, cpu: string, restartPolicy?: string) => ({ name, image: 'nginx', resources: { requests: { cpu } }, ...(restartPolicy && { restartPolicy }) });
  plane.client.create(podOf('one', { initContainers: [start('proxy', '200m', 'Always'), start('setup', '1')] }, '300m'));
  assert.equal(used(plane), { 'requests.cpu': '1200m' });
});

test.run();
