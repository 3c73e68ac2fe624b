import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createVersion, isDNS1035Label, isQualifiedName, isValidIP, type ObjectMeta, validateObjectMeta, validateObjectMetaUpdate } from '../../lib/api/index.ts';

const test = suite('metadata');
const rules = { namespaced: true };
const meta = (more: Partial<ObjectMeta>): Partial<ObjectMeta> => ({ name: 'web', namespace: 'default', ...more });
const fields = (more: Partial<ObjectMeta>) => validateObjectMeta(meta(more), rules).map(({ field, message }) => `${field}: ${message}`);

test('good metadata has no errors', () => {
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'u', controller: true };
  assert.equal(fields({ labels: { app: 'web', 'x.io/y': '' }, annotations: { 'A.io/b': 'any text at all' }, ownerReferences: [owner], finalizers: ['x.io/y'] }), []);
});

test('a name or its beginning is needed', () => {
  assert.equal(fields({ name: '' }), ['metadata.name: Required value: name or generateName is required']);
  assert.equal(fields({ generateName: 'web-' }), []);
  assert.match(fields({ generateName: 'Web-' })[0]!, 'metadata.generateName: Invalid value: "Web-"');
});

test('namespaces fit the kind', () => {
  assert.equal(validateObjectMeta(meta({}), { namespaced: false }).map((e) => e.message), ['Forbidden: not allowed on this type']);
  assert.is(validateObjectMeta({ name: 'web' }, rules)[0]!.type, 'FieldValueRequired');
});

test('only one controller', () => {
  const owner = (name: string) => ({ apiVersion: 'v1', kind: 'X', name, uid: name, controller: true });
  assert.match(fields({ ownerReferences: [owner('a'), owner('b')] })[0]!, 'Only one reference can have Controller set to true. Found "true" in references for a and b');
});

test('annotations have a size limit, in the words of the release', () => {
  const big = { annotations: { a: 'x'.repeat(262144) } };
  assert.equal(fields(big), ['metadata.annotations: Too long: must have at most 262144 bytes']);
  assert.is(validateObjectMeta(meta(big), { ...rules, version: createVersion('v1.33') })[0]!.message, 'Too long: may not be more than 262144 bytes');
});

test('finalizers are qualified names, and two of them exclude each other', () => {
  assert.match(fields({ finalizers: ['a b'] })[0]!, 'metadata.finalizers: Invalid value: "a b": name part must consist');
  assert.match(fields({ finalizers: ['orphan', 'foregroundDeletion'] })[0]!, 'finalizer orphan and foregroundDeletion cannot be both set');
});

test('an update keeps what identifies an object', () => {
  const old = meta({ uid: '1', resourceVersion: '5', creationTimestamp: '2026-01-01T00:00:00Z', generation: 2 });
  const update = (more: Partial<ObjectMeta>) => validateObjectMetaUpdate({ ...old, ...more }, old).map(({ field, message }) => `${field}: ${message}`);
  assert.equal(update({}), []);
  assert.equal(update({ resourceVersion: '' }), ['metadata.resourceVersion: Invalid value: "": must be specified for an update']);
  assert.equal(update({ generation: 1 }), ['metadata.generation: Invalid value: 1: must not be decremented']);
  assert.equal(update({ uid: '2' }), ['metadata.uid: Invalid value: "2": field is immutable']);
  assert.equal(update({ deletionTimestamp: '2001-01-01T00:00:00Z' }), ['metadata.deletionTimestamp: Invalid value: 2001-01-01 00:00:00 +0000 UTC: field is immutable']);
});

test('an object that goes gets no new finalizers', () => {
  const old = meta({ resourceVersion: '5', deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['a'] });
  assert.equal(validateObjectMetaUpdate({ ...old, finalizers: [] }, old), []);
  assert.match(validateObjectMetaUpdate({ ...old, finalizers: ['b', 'a'] }, old)[0]!.message, 'found new finalizers []string{"b"}');
});

test('lengths count bytes', () => {
  assert.equal(isQualifiedName('a'.repeat(63)), []);
  assert.equal(isQualifiedName('a'.repeat(64)), ['name part must be no more than 63 characters']);
  assert.equal(isQualifiedName('a'.repeat(64)), ['name part must be no more than 63 characters']);
  assert.is(isQualifiedName('쿠'.repeat(22)).length, 2);
  assert.is(isDNS1035Label('1a').length, 1);
});

test('addresses', () => {
  for (const good of ['10.0.0.1', '255.255.255.255', '::', '::1', 'fd00::1:2', '::ffff:10.0.0.1', '1:2:3:4:5:6:7:8']) assert.equal(isValidIP(good), [], good);
  for (const bad of ['', '10.0.0', '10.0.0.256', '1.2.3.4.5', ':::', '1::2::3', '1:2:3:4:5:6:7', 'g::', '10.0.0.1/8']) assert.is(isValidIP(bad).length, 1, bad);
});

test.run();
