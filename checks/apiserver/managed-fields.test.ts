// Who owns which fields, beside what a real server has been recorded to answer (checks/oracle/recordings/api/apply.jsonl).
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createVersion, findResource, type KubeObject, type Manifest, mergeTypeOf } from '../../lib/api/index.ts';
import { FieldSet } from '../../lib/apiserver/managed-fields/field-set.ts';
import { createRandom } from '../../lib/sim/index.ts';
import { freshServer } from '../oracle/api/server.ts';

const test = suite('managed fields');

const deployments = '/apis/apps/v1/namespaces/default/deployments';
const deployment = (spec: object = {}, containers: object[] = [{ name: 'app', image: 'nginx:1' }]) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: { selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers } }, ...spec },
});

function world(release: string) {
  const { send, server, advance } = freshServer(createVersion(release));
  const apply = (manager: string, body: unknown, query = '', sub = '') => send({ method: 'PATCH', path: `${deployments}/web${sub}?fieldManager=${manager}${query}`, contentType: 'application/apply-patch+yaml', body }) as { code: number; body: any };
  const merge = (manager: string, body: unknown, sub = '') => send({ method: 'PATCH', path: `${deployments}/web${sub}?fieldManager=${manager}`, contentType: 'application/merge-patch+json', body }) as { code: number; body: any };
  const get = () => send({ path: `${deployments}/web` }).body as KubeObject;
  return { send, server, advance, apply, merge, get };
}

const owners = ({ metadata }: KubeObject) => (metadata.managedFields ?? []).map(({ manager, operation, subresource = '' }) => [manager, operation, subresource].filter(Boolean).join(' '));
const fieldsOf = ({ metadata }: KubeObject, manager: string): any => metadata.managedFields?.find((entry) => entry.manager === manager)?.fieldsV1;

test('a set of fields is written and read', () => {
  const fields = { 'f:data': { '.': {}, 'f:a': {} }, 'f:list': { 'k:{"name":"x"}': { '.': {}, 'f:name': {} }, 'v:1': {}, 'v:"a"': {} } };
  assert.is(JSON.stringify(FieldSet.parse(fields).toFieldsV1()), JSON.stringify(fields));
});

test('sets of fields: a parent is not its children', () => {
  const [parent, child] = [FieldSet.of(['f:a']), FieldSet.of(['f:a', 'f:b'])];
  assert.equal(parent.union(child).toFieldsV1(), { 'f:a': { '.': {}, 'f:b': {} } });
  assert.equal(parent.union(child).difference(parent).toFieldsV1(), { 'f:a': { 'f:b': {} } });
  assert.ok(child.intersection(parent).empty);
  assert.ok(parent.union(child).recursiveDifference(parent).empty);
});

test('list types come from the published schema, release by release', () => {
  const field = (release: string, kind: string, ...path: string[]) => path.reduce<any>((type, key) => (key === '[]' ? type.element : type.field(key)), mergeTypeOf(kind === 'Pod' || kind === 'Service' ? 'v1' : 'apps/v1', kind, createVersion(release)));
  const ports = field('v1.20', 'Pod', 'spec', 'containers', '[]', 'ports');
  assert.equal([ports.relation, ports.keys, ports.keyDefault('protocol')], ['map', ['containerPort', 'protocol'], 'TCP']);
  assert.is(field('v1.20', 'Service', 'spec', 'ports').keyDefault('protocol'), undefined);
  assert.is(field('v1.33', 'Service', 'spec', 'ports').keyDefault('protocol'), 'TCP');
  assert.is(field('v1.20', 'Service', 'spec', 'selector').atomic, false);
  assert.is(field('v1.33', 'Service', 'spec', 'selector').atomic, true);
  assert.is(field('v1.20', 'Deployment', 'spec', 'selector').atomic, true);
  assert.is(field('v1.20', 'Pod', 'metadata', 'finalizers').relation, 'set');
});

test('before fields were reset, whoever wrote status and left out the spec owned the spec no more', () => {
  const specOf = (release: string) => {
    const { send, get } = world(release);
    const made = send({ method: 'POST', path: `${deployments}?fieldManager=alice`, body: deployment({ minReadySeconds: 5 }) }).body;
    const { minReadySeconds: _, ...spec } = made.spec;
    send({ method: 'PUT', path: `${deployments}/web/status?fieldManager=alice`, body: { ...made, spec, status: { replicas: 1 } } });
    assert.is(get()['spec'].minReadySeconds, 5);
    return fieldsOf(get(), 'alice')['f:spec'];
  };
  assert.is(specOf('v1.20')['f:minReadySeconds'], undefined);
  assert.equal(specOf('v1.33')['f:minReadySeconds'], {});
});

test('status belongs to those who write status', () => {
  const { apply, merge, send, get } = world('v1.33');
  apply('alice', { ...deployment(), status: { replicas: 7 } });
  merge('controller', { status: { replicas: 2 } }, '/status');
  assert.is(fieldsOf(get(), 'alice')['f:status'], undefined);
  assert.equal(fieldsOf(get(), 'controller'), { 'f:status': { 'f:replicas': {} } });
  send({ method: 'PUT', path: `${deployments}/web?fieldManager=editor`, body: deployment({ replicas: 4 }) });
  assert.equal(owners(get()), ['alice Apply', 'controller Update status', 'editor Update']);
  const conflict = apply('other', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, status: { replicas: 9 } }, '', '/status');
  assert.is(conflict.body.message, 'Apply failed with 1 conflict: conflict with "controller" with subresource "status" using apps/v1: .status.replicas');
});

test('what the scale subresource writes is tracked since 1.22', () => {
  for (const [release, expected] of [['v1.20', ['alice Apply']], ['v1.33', ['alice Apply', 'scaler Update scale']]] as const) {
    const { apply, merge, get } = world(release);
    apply('alice', deployment({ replicas: 3 }));
    merge('scaler', { spec: { replicas: 5 } }, '/scale');
    assert.equal(owners(get()), expected, release);
    assert.is(apply('alice', deployment({ replicas: 3 })).code, release === 'v1.20' ? 200 : 409);
  }
});

test('a struct goes with the last field that was applied of it since 1.21', () => {
  const probed = [{ name: 'app', image: 'nginx:1', livenessProbe: { httpGet: { path: '/', port: 80 } } }];
  const drop = (release: string) => {
    const { apply } = world(release);
    apply('alice', deployment({}, probed));
    return apply('alice', deployment());
  };
  // What was defaulted in the probe belongs to nobody, and stays of it.
  assert.is(drop('v1.20').code, 422);
  const { code, body } = drop('v1.33');
  assert.equal([code, body.spec.template.spec.containers[0].livenessProbe], [200, undefined]);
});

test('applied lists come in the order of who applies since 1.24', () => {
  const containers = (...names: string[]) => names.map((name) => ({ name, image: 'nginx:1' }));
  for (const [release, order] of [['v1.20', 'b,c,side,a'], ['v1.33', 'a,c,side,b']] as const) {
    const { apply, get } = world(release);
    apply('alice', deployment({}, containers('b', 'c')));
    apply('bob', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: { template: { spec: { containers: containers('side') } } } });
    assert.is(apply('alice', deployment({}, containers('a', 'c', 'b'))).code, 200);
    assert.is(get().spec.template.spec.containers.map(({ name }: { name: string }) => name).join(), order, release);
  }
});

test('an apply that changes nothing writes nothing, also after components have written', () => {
  const { apply, server, get } = world('v1.33');
  apply('alice', deployment());
  const resource = findResource('Deployment', server.version)!;
  server.handle({ verb: 'patch', resource, namespace: 'default', name: 'web', subresource: 'status', patch: { type: 'merge', body: {} }, status: { replicas: 1 }, user: 'system:x', userAgent: 'controller' });
  const { resourceVersion } = get().metadata;
  assert.is(apply('alice', deployment()).body.metadata.resourceVersion, resourceVersion);
  assert.equal(owners(get()), ['alice Apply', 'controller Update status']);
});

/** Random writes of some managers, as a component's (noted) or a person's (reckoned up at once). */
function written(seed: string, user: string, writes: number) {
  const { server, advance, get } = world('v1.33');
  const random = createRandom(seed);
  const resource = findResource('Deployment', server.version)!;
  const base = { resource, namespace: 'default', name: 'web', user };
  server.handle({ ...base, verb: 'create', object: { ...deployment(), metadata: { name: 'web', labels: { app: 'web' } } } as Manifest, userAgent: 'creator' });
  for (let i = 1; i <= writes; i++) {
    advance(1000);
    const userAgent = `manager-${random.int(3)}`;
    // Values never come back, since several writes of one manager count as one.
    const status = Object.fromEntries(['replicas', 'readyReplicas', 'updatedReplicas', 'availableReplicas'].slice(0, 1 + random.int(4)).map((key, n) => [key, (5 - n) * 1000 + i]));
    if (random.int(3) > 0) server.handle({ ...base, verb: 'patch', subresource: 'status', patch: { type: 'merge', body: { status } }, userAgent });
    else server.handle({ ...base, verb: 'patch', patch: { type: 'merge', body: { metadata: { labels: { [`l${random.int(3)}`]: `${i}` } }, spec: { minReadySeconds: i } } }, userAgent });
    if (i % 97 === 0) server.compact();
  }
  const entries = (get().metadata.managedFields ?? []).map(({ time: _, ...entry }) => entry);
  // Older entries come first; of several writes that count as one the last tells the time.
  return entries.sort((a, b) => (`${a.manager} ${a.subresource}` < `${b.manager} ${b.subresource}` ? -1 : 1));
}

test('noted writes come out as those that are reckoned up at once', () => {
  for (const [seed, writes] of [['a', 5], ['b', 20], ['c', 120], ['d', 200]] as const) assert.equal(written(seed, 'system:component', writes), written(seed, 'somebody', writes), seed);
});

test('what admission and a binding add is nobody’s', () => {
  const { send, server } = world('v1.33');
  const resource = findResource('Pod', server.version)!;
  send({ method: 'POST', path: '/api/v1/namespaces/default/serviceaccounts', body: { metadata: { name: 'default' } } });
  const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { containers: [{ name: 'app', image: 'nginx' }] } };
  server.handle({ verb: 'create', resource, namespace: 'default', object, user: 'system:x', userAgent: 'kube-controller-manager/v1' });
  server.handle({ verb: 'create', resource, namespace: 'default', name: 'p', subresource: 'binding', object: { target: { kind: 'Node', name: 'n' } }, user: 'system:y', userAgent: 'kube-scheduler' });
  const pod = send({ path: '/api/v1/namespaces/default/pods/p' }).body as KubeObject;
  assert.is(pod.spec.nodeName, 'n');
  assert.equal(owners(pod), ['kube-controller-manager Update']);
  const spec = Object.keys(fieldsOf(pod, 'kube-controller-manager')['f:spec']);
  for (const field of ['f:nodeName', 'f:serviceAccountName', 'f:tolerations', 'f:volumes', 'f:priority']) assert.not.ok(spec.includes(field), field);
  assert.ok(spec.includes('f:restartPolicy'));
});

test.run();
