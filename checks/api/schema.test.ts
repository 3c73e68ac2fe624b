import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { complete, createVersion, decode, freeze, type StatusError } from '../../lib/api/index.ts';

const test = suite('schema');
const [old, now] = [createVersion('v1.20'), createVersion('v1.33')];
const pod = (spec: object, metadata: object = { name: 'web' }) => freeze({ apiVersion: 'v1', kind: 'Pod', metadata, spec });
const read = (spec: object, version = now) => decode('v1', 'Pod', pod(spec), { version });

function refusal(run: () => unknown): StatusError {
  try {
    run();
  } catch (error) {
    return error as StatusError;
  }
  throw new Error('nothing was refused');
}

test('a complete object comes back as it is', () => {
  const given = pod({ containers: [{ name: 'a', image: 'b', resources: { requests: { cpu: '500m' } } }] });
  assert.is(decode('v1', 'Pod', given, { version: now }).object, given);
});

test('unknown fields are dropped and named', () => {
  const { object, unknown } = read({ containers: [{ name: 'a', imagee: 'b' }], replica: 1 });
  assert.equal(unknown, ['spec.containers[0].imagee', 'spec.replica']);
  assert.equal(object.spec, { containers: [{ name: 'a' }] });
});

test('fields are known by release', () => {
  assert.equal(read({ schedulingGates: [{ name: 'x' }] }, now).unknown, []);
  assert.equal(read({ schedulingGates: [{ name: 'x' }] }, old).unknown, ['spec.schedulingGates']);
  assert.equal(decode('v1', 'Pod', pod({}, { name: 'a', clusterName: 'c' }), { version: now }).unknown, ['metadata.clusterName']);
});

test('strict decoding refuses them', () => {
  const error = refusal(() => decode('v1', 'Pod', pod({ replica: 1 }), { version: now, strict: true }));
  assert.is(error.message, 'Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "spec.replica"');
  assert.is(error.code, 400);
});

test('what Go leaves out is left out, pointers are kept', () => {
  const { object } = read({ hostNetwork: false, nodeName: '', nodeSelector: {}, tolerations: [], priority: 0, automountServiceAccountToken: false, activeDeadlineSeconds: null });
  assert.equal(object.spec, { priority: 0, automountServiceAccountToken: false });
});

test('quantities, times and bytes are printed as Go prints them', () => {
  const { object } = read({ containers: [{ name: 'a', resources: { limits: { cpu: 0.5, memory: '1024Mi' } } }] });
  assert.equal((object.spec as any).containers[0].resources.limits, { cpu: '500m', memory: '1Gi' });
  const lease = decode('coordination.k8s.io/v1', 'Lease', { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'l', creationTimestamp: '2026-01-01T09:00:00+09:00' }, spec: { renewTime: '2026-01-01T09:00:00.500000+09:00' } });
  assert.is(lease.object.metadata.creationTimestamp, '2026-01-01T00:00:00Z');
  assert.is(lease.object.spec.renewTime, '2026-01-01T00:00:00.500000Z');
});

test('a null in a map is the zero value', () => {
  assert.equal(decode('v1', 'Pod', pod({}, { name: 'a', labels: { x: null } })).object.metadata, { name: 'a', labels: { x: '' } });
});

test('wrong types are refused in the words of the release', () => {
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: { replicas: 'three' } };
  assert.is(refusal(() => decode('apps/v1', 'Deployment', deployment, { version: now })).message, 'Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32');
  assert.match(refusal(() => decode('apps/v1', 'Deployment', deployment, { version: old })).message, 'Deployment in version "v1" cannot be handled as a Deployment: v1.DeploymentSpec.Replicas');
  for (const spec of [{ containers: {} }, { containers: ['a'] }, { hostNetwork: 'yes' }, { priority: 1.5 }, { priority: 2 ** 31 }, { nodeSelector: ['a'] }, { nodeName: 5 }]) assert.is(refusal(() => read(spec)).code, 400, JSON.stringify(spec));
  assert.match(refusal(() => decode('v1', 'Secret', { apiVersion: 'v1', kind: 'Secret', data: { a: 'no base64!' } } as object, { version: now })).message, 'illegal base64 data at input byte 2');
});

test('custom resources pass unread', () => {
  const widget = { apiVersion: 'example.com/v1', kind: 'Widget', spec: { anything: null } };
  assert.is(decode('example.com/v1', 'Widget', widget).object, widget);
});

test('complete adds what answers always show', () => {
  const object = complete('v1', 'Pod', pod({ containers: [{ name: 'a', image: 'b' }] })) as any;
  assert.equal(object.spec.containers[0].resources, {});
  assert.equal(object.status, {});
  const deployment: any = complete('apps/v1', 'Deployment', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: {}, spec: { template: { metadata: { labels: {} } } } });
  assert.is(deployment.spec.template.metadata.creationTimestamp, null);
  assert.equal(deployment.spec.strategy, {});
  assert.is(complete('apps/v1', 'Deployment', deployment), deployment);
});

test.run();
