import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { applyJsonPatch, applyMergePatch, applyStrategicPatch, createVersion, freeze, patchMeta, type StatusError } from '../../lib/api/index.ts';

const test = suite('patch');
const [old, now] = [createVersion('v1.20'), createVersion('v1.33')];

function refusal(run: () => unknown): StatusError {
  try {
    run();
  } catch (error) {
    return error as StatusError;
  }
  throw new Error('nothing was refused');
}

const pod = freeze({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', labels: { app: 'web' }, finalizers: ['a', 'b'] },
  spec: { containers: [{ name: 'app', image: 'nginx', env: [{ name: 'A', value: '1' }] }, { name: 'side', image: 'busybox' }], tolerations: [{ key: 'x' }] },
});
const meta = patchMeta('v1', 'Pod')!;
const strategic = (patch: unknown, version = old): any => applyStrategicPatch(pod, patch, meta, version);

test('the object that is patched stays as it was', () => {
  const before = JSON.stringify(pod);
  strategic({ spec: { containers: [{ name: 'app', image: 'redis' }] } });
  applyMergePatch(pod, { metadata: { labels: null } });
  applyJsonPatch(pod, [{ op: 'remove', path: '/metadata/labels' }]);
  assert.is(JSON.stringify(pod), before);
});

test('strategic: containers merge by name, tolerations are replaced', () => {
  const got = strategic({ spec: { containers: [{ name: 'side', image: 'redis' }], tolerations: [{ key: 'y' }] } });
  assert.equal(got.spec.containers.map((c: any) => `${c.name} ${c.image}`), ['app nginx', 'side redis']);
  assert.equal(got.spec.tolerations, [{ key: 'y' }]);
  assert.is(got.spec.containers[0], pod.spec.containers[0]);
});

test('strategic: order of elements', () => {
  const got = strategic({ spec: { '$setElementOrder/containers': [{ name: 'side' }, { name: 'new' }, { name: 'app' }], containers: [{ name: 'new', image: 'x' }] } });
  assert.equal(got.spec.containers.map((c: any) => c.name), ['side', 'new', 'app']);
});

test('strategic: directives', () => {
  assert.equal(strategic({ spec: { containers: [{ name: 'side', $patch: 'delete' }] } }).spec.containers.length, 1);
  assert.equal(strategic({ metadata: { '$deleteFromPrimitiveList/finalizers': ['a'] } }).metadata.finalizers, ['b']);
  assert.equal(strategic({ metadata: { labels: { $patch: 'replace', x: 'y' } } }).metadata.labels, { x: 'y' });
  assert.equal(strategic({ metadata: { $retainKeys: ['name'], name: 'web' } }).metadata, { name: 'web' });
});

test('strategic: new parts keep no nulls in newer releases', () => {
  const patch = { metadata: { annotations: { a: null, b: 'c' } } };
  assert.equal(strategic(patch, now).metadata.annotations, { b: 'c' });
  assert.equal(strategic(patch, old).metadata.annotations, { a: null, b: 'c' });
});

test('strategic: refusals', () => {
  assert.is(refusal(() => strategic({ spec: { containers: [{ image: 'x' }] } })).message, 'map: map[image:x] does not contain declared merge key: name');
  assert.is(refusal(() => strategic({ metadata: { $retainKeys: ['name'], labels: {} } })).code, 400);
  assert.is(refusal(() => strategic({ spec: { '$setElementOrder/nothing': [] } })).message, 'unable to find api field in struct PodSpec for the json field "nothing"');
  assert.is(refusal(() => strategic([])).code, 400);
});

test('merge: null removes, lists are replaced, nulls in new parts vanish', () => {
  const got: any = applyMergePatch(pod, { metadata: { labels: { app: null, n: { deep: null } } }, spec: { containers: [{ name: 'x' }] } });
  assert.equal(got.metadata.labels, { n: {} });
  assert.equal(got.spec.containers, [{ name: 'x' }]);
});

test('json: pointers, ends of lists, moves', () => {
  const got: any = applyJsonPatch({ a: { 'x/y': 1, 'm~n': 2 }, list: [1, 2, 3] }, [
    { op: 'test', path: '/a/x~1y', value: 1 },
    { op: 'remove', path: '/a/m~0n' },
    { op: 'add', path: '/list/-', value: 4 },
    { op: 'add', path: '/list/1', value: 'in' },
    { op: 'move', from: '/list/0', path: '/first' },
    { op: 'copy', from: '/first', path: '/a/again' },
  ]);
  assert.equal(got, { a: { 'x/y': 1, again: 1 }, list: ['in', 2, 3, 4], first: 1 });
});

test('json: what does not apply is a 422 without effect', () => {
  for (const operation of [{ op: 'remove', path: '/nope' }, { op: 'add', path: '/list/9', value: 1 }, { op: 'test', path: '/list/0', value: 2 }, { op: 'add', path: 'x', value: 1 }, { op: 'move', from: '/nope', path: '/x' }, { op: 'dance', path: '/list' }]) {
    const error = refusal(() => applyJsonPatch({ list: [1] }, [operation]));
    assert.is(error.code, 422, JSON.stringify(operation));
  }
});

test('json: replacing a field that is not there sets it', () => {
  const patch = [{ op: 'replace', path: '/b', value: 1 }];
  assert.equal(applyJsonPatch({ a: 1 } as object, patch), { a: 1, b: 1 });
});

test.run();
