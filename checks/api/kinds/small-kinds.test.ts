import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createVersion } from '../../../lib/api/index.ts';
import { freshServer } from '../../oracle/api/server.ts';

const { send } = freshServer(createVersion('v1.33'));
const inDefault = '/api/v1/namespaces/default';
const create = (path: string, body: object) => send({ method: 'POST', path, body }) as { code: number; body: any };
const merge = (path: string, body: object) => send({ method: 'PATCH', path, contentType: 'application/merge-patch+json', body }) as { code: number; body: any };

test('a namespace is named by a label, and keeps it', () => {
  const { body } = create('/api/v1/namespaces', { metadata: { name: 'team' } });
  assert.equal(body.metadata.labels, { 'kubernetes.io/metadata.name': 'team' });
  assert.equal([body.spec, body.status], [{ finalizers: ['kubernetes'] }, { phase: 'Active' }]);
  assert.equal(merge('/api/v1/namespaces/team', { metadata: { labels: null } }).body.metadata.labels, { 'kubernetes.io/metadata.name': 'team' });
});

test('plain text of a secret is encoded; what is immutable stays', () => {
  const { body } = create(`${inDefault}/secrets`, { metadata: { name: 's' }, stringData: { word: '안녕' }, immutable: true });
  assert.equal([body.data, body.stringData, body.type], [{ word: btoa('\xec\x95\x88\xeb\x85\x95') }, undefined, 'Opaque']);
  const refused = merge(`${inDefault}/secrets/s`, { stringData: { word: 'x' }, immutable: null });
  assert.equal(refused.body.details.causes.map((cause: any) => cause.field), ['immutable', 'data']);
});

test('a config map holds a mebibyte, each key once', () => {
  const big = create(`${inDefault}/configmaps`, { metadata: { name: 'big' }, data: { a: 'x'.repeat(1024 * 1024 + 1) } });
  assert.match(big.body.message, 'Too long');
  const twice = create(`${inDefault}/configmaps`, { metadata: { name: 'c' }, data: { a: '1', 'b c': '2' }, binaryData: { a: 'AA==' } });
  assert.equal(twice.body.details.causes.map((cause: any) => cause.field), ['data[a]', 'data[b c]']);
});

test('a claim is fixed but for growth', () => {
  const path = `${inDefault}/persistentvolumeclaims`;
  create('/apis/storage.k8s.io/v1/storageclasses', { metadata: { name: 'fast', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } }, provisioner: 'example.com/fast', allowVolumeExpansion: true });
  const claim = create(path, { metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1024Mi' } } } }).body;
  assert.equal([claim.spec.storageClassName, claim.spec.resources.requests.storage, claim.metadata.finalizers], ['fast', '1Gi', ['kubernetes.io/pvc-protection']]);
  const grown = { spec: { resources: { requests: { storage: '2Gi' } } } };
  assert.is(merge(`${path}/data`, grown).code, 422);
  merge(`${path}/data/status`, { status: { phase: 'Bound', capacity: { storage: '1Gi' } } });
  assert.is(merge(`${path}/data`, grown).body.spec.resources.requests.storage, '2Gi');
  assert.match(merge(`${path}/data`, { spec: { resources: { requests: { storage: '1Gi' } } } }).body.message, 'field can not be less than previous value');
});

test('system priorities belong to the system', () => {
  const path = '/apis/scheduling.k8s.io/v1/priorityclasses';
  assert.match(create(path, { metadata: { name: 'system-mine' }, value: 1 }).body.message, "names with 'system-' prefix are reserved for system use only. error: system-mine is not a known system priority class");
  assert.match(create(path, { metadata: { name: 'huge' }, value: 1000000001 }).body.message, 'value: Forbidden: maximum allowed value of a user defined priority is 1000000000');
});

test('a slice counts its generations; empty lists are null', () => {
  const path = '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices';
  const { body } = create(path, { metadata: { name: 'web' }, addressType: 'IPv4', endpoints: [], ports: [{ port: 80 }] });
  assert.equal([body.endpoints, body.ports, body.metadata.generation], [null, [{ port: 80, name: '', protocol: 'TCP' }], 1]);
  assert.is(merge(`${path}/web`, { endpoints: [{ addresses: ['10.1.0.1'] }] }).body.metadata.generation, 2);
  assert.is(merge(`${path}/web`, { metadata: { labels: { a: 'b' } } }).body.metadata.generation, 2);
  assert.match(create(path, { metadata: { name: 'x' }, addressType: 'IPv4', endpoints: [{ addresses: ['::1'] }] }).body.message, 'endpoints[0].addresses[0]: Invalid value: "::1": must be a valid IPv4 address');
});

test('an event lies beside what it is about', () => {
  const path = `${inDefault}/events`;
  const about = { kind: 'Pod', name: 'web', namespace: 'other' };
  assert.match(create(path, { metadata: { name: 'e' }, involvedObject: about }).body.message, 'involvedObject.namespace: Invalid value: "other": does not match event.namespace');
  assert.is(create(path, { metadata: { name: 'e' }, involvedObject: { kind: 'Node', name: 'n1' } }).code, 201);
});

test('a budget says one of two things', () => {
  const path = '/apis/policy/v1/namespaces/default/poddisruptionbudgets';
  assert.match(create(path, { metadata: { name: 'b' }, spec: { minAvailable: 1, maxUnavailable: 1 } }).body.message, 'minAvailable and maxUnavailable cannot be both set');
  assert.match(create(path, { metadata: { name: 'b' }, spec: { minAvailable: '101%' } }).body.message, 'must not be greater than 100%');
});

test.run();
