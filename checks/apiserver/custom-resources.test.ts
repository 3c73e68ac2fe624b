import { createHash } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createVersion } from '../../lib/api/index.ts';
import { createCluster, forObject, type KubeObject } from '../../lib/index.ts';
import { freshServer, type RecordedRequest } from '../oracle/api/server.ts';

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

function definition(version: object = {}, { group = 'example.com', scope = 'Namespaced' } = {}) {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  const spec = { group, scope, names: { plural: 'widgets', kind: 'Widget', shortNames: ['wd'] }, versions: [{ name: 'v1', served: true, storage: true, schema, ...version }] };
  return { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: `widgets.${group}` }, spec };
}
const widget = (name: string, spec: object) => ({ apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name }, spec });
const widgets = '/apis/example.com/v1/namespaces/default/widgets';
const sized = { schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', required: ['size'], properties: { size: { type: 'integer', maximum: 9 }, color: { type: 'string', default: 'red' } } } } } } };

function serverWith(body: object, release = 'v1.33') {
  const { send } = freshServer(createVersion(release));
  const ask = (request: RecordedRequest) => send(request) as { code: number; body: any; warnings?: string[] };
  const post = (path: string, object: object) => ask({ method: 'POST', path, body: object });
  const made = post(definitions, body);
  assert.is(made.code, 201, JSON.stringify(made.body));
  return { ask, post };
}

test('a definition is established, and its paths appear and go', () => {
  const { ask } = serverWith(definition());
  const conditions = ask({ path: `${definitions}/widgets.example.com` }).body.status.conditions;
  assert.equal(conditions.map(({ type, status, reason }: any) => [type, status, reason]), [['NamesAccepted', 'True', 'NoConflicts'], ['Established', 'True', 'InitialNamesAccepted']]);
  assert.equal(ask({ path: '/apis/example.com/v1' }).body.resources.map(({ name }: any) => name), ['widgets']);
  assert.is(ask({ path: '/apis/example.com/v1' }).body.resources[0].storageVersionHash, createHash('sha256').update('example.com/v1/Widget').digest().subarray(0, 8).toString('base64'));
  assert.ok(ask({ path: '/apis' }).body.groups.some(({ name }: any) => name === 'example.com'));
  assert.is(ask({ path: '/apis/apiregistration.k8s.io/v1/apiservices/v1.example.com' }).code, 200);
  assert.is(ask({ method: 'DELETE', path: `${definitions}/widgets.example.com` }).body.metadata.finalizers[0], 'customresourcecleanup.apiextensions.k8s.io');
  assert.is(ask({ path: '/apis/example.com/v1' }).body, '404 page not found\n');
  assert.is(ask({ path: '/apis/apiregistration.k8s.io/v1/apiservices/v1.example.com' }).code, 404);
});

test('two servers of one release do not share their kinds', () => {
  const version = createVersion('v1.33');
  const [one, other] = [freshServer(version), freshServer(version)];
  one.send({ method: 'POST', path: definitions, body: definition() });
  assert.equal([one, other].map(({ send }) => send({ path: widgets }).code), [200, 404]);
});

test('objects are defaulted, pruned and validated', () => {
  const { post } = serverWith(definition(sized));
  const made = post(widgets, widget('a', { size: 3, strange: 1 }));
  assert.equal([made.body.spec, made.body.metadata.generation, made.warnings], [{ size: 3, color: 'red' }, 1, ['unknown field "spec.strange"']]);
  const strict = post(`${widgets}?fieldValidation=Strict`, widget('b', { size: 3, strange: 1 }));
  assert.is(strict.body.message, 'Widget in version "v1" cannot be handled as a Widget: strict decoding error: unknown field "spec.strange"');
  const refused = post(widgets, widget('c', { size: 'x' }));
  assert.is(refused.body.message, 'Widget.example.com "c" is invalid: spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"');
  assert.is(post(widgets, widget('d', {})).body.message, 'Widget.example.com "d" is invalid: spec.size: Required value');
});

test('a default that comes later is seen by who reads', () => {
  const { ask, post } = serverWith(definition());
  post(widgets, widget('a', { size: 1 }));
  ask({ method: 'PATCH', path: `${definitions}/widgets.example.com`, contentType: 'application/merge-patch+json', body: { spec: definition(sized).spec } });
  assert.equal(ask({ path: `${widgets}/a` }).body.spec, { size: 1, color: 'red' });
  assert.equal(ask({ path: widgets }).body.items[0].spec, { size: 1, color: 'red' });
});

test('the status and scale subresources are the definition\'s to give', () => {
  const subresources = { status: {}, scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.ready' } };
  const { ask, post } = serverWith(definition({ subresources }));
  assert.is(post(widgets, { ...widget('a', { size: 2 }), status: { ready: 1 } }).body.status, undefined);
  const merge = (path: string, body: object) => ask({ method: 'PATCH', path, contentType: 'application/merge-patch+json', body }).body;
  assert.equal(merge(`${widgets}/a/status`, { status: { ready: 2 }, spec: { size: 9 } }).spec, { size: 2 });
  assert.equal(ask({ path: `${widgets}/a/scale` }).body.status, { replicas: 2 });
  assert.equal(merge(`${widgets}/a/scale`, { spec: { replicas: 5 } }).spec, { replicas: 5 });
  assert.is(ask({ path: `${widgets}/a` }).body.metadata.generation, 2);
});

test('printer columns follow a JSON path', () => {
  const additionalPrinterColumns = [
    { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
    { name: 'First', type: 'string', jsonPath: '.spec.list[0]' },
  ];
  const { ask, post } = serverWith(definition({ additionalPrinterColumns }));
  post(widgets, { ...widget('a', { list: ['x', 'y'] }), status: { conditions: [{ type: 'Other', status: 'False' }, { type: 'Ready', status: 'True' }] } });
  assert.equal(ask({ path: widgets, accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' }).body.rows[0].cells, ['a', 'True', 'x']);
});

test('a schema that is not structural is refused, in Kubernetes\' words', () => {
  const { send } = freshServer(createVersion('v1.33'));
  const schema = { openAPIV3Schema: { type: 'object', properties: { a: {}, b: { type: 'array' } } } };
  const { message } = send({ method: 'POST', path: definitions, body: definition({ schema }) }).body as { message: string };
  assert.match(message, 'spec.validation.openAPIV3Schema.properties[a].type: Required value: must not be empty for specified object fields');
  assert.match(message, 'spec.validation.openAPIV3Schema.properties[b].items: Required value: must be specified');
});

test('server-side apply owns the fields of a custom object', () => {
  const { ask } = serverWith(definition(sized));
  const apply = (fieldManager: string, size: number) =>
    ask({ method: 'PATCH', path: `${widgets}/a?fieldManager=${fieldManager}`, contentType: 'application/apply-patch+yaml', body: widget('a', { size }) });
  assert.is(apply('one', 1).code, 201);
  assert.equal(apply('one', 2).body.metadata.managedFields[0].fieldsV1, { 'f:spec': { 'f:size': {} } });
  assert.is(apply('two', 3).body.message, 'Apply failed with 1 conflict: conflict with "one": .spec.size');
});

test('instances go before their definition, those with finalizers in their own time', () => {
  const { ask, post } = serverWith(definition());
  post(widgets, { ...widget('held', {}), metadata: { name: 'held', finalizers: ['example.com/hold'] } });
  post(widgets, widget('free', {}));
  ask({ method: 'DELETE', path: `${definitions}/widgets.example.com` });
  assert.equal(ask({ path: widgets }).body.items.map(({ metadata }: KubeObject) => metadata.name), ['held']);
  assert.is(post(widgets, widget('late', {})).body.message, 'create not allowed while custom resource definition is terminating');
  ask({ method: 'PATCH', path: `${widgets}/held`, contentType: 'application/merge-patch+json', body: { metadata: { finalizers: null } } });
  assert.equal([ask({ path: widgets }).code, ask({ path: `${definitions}/widgets.example.com` }).code], [404, 404]);
});

test('a controller of one\'s own watches custom objects, and the garbage collector knows them', () => {
  const cluster = createCluster({ nodes: 1 });
  const { client } = cluster;
  client.create(definition());
  cluster.replace('widget', (own) => ({
    name: 'widget',
    watches: [forObject('Widget')],
    reconcile(request) {
      const found = own.find('Widget', request);
      if (!found || own.find('ConfigMap', request)) return;
      const { name, namespace, uid } = found.metadata;
      own.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, ownerReferences: [{ apiVersion: 'example.com/v1', kind: 'Widget', name, uid, controller: true }] } });
    },
  }));
  client.create(widget('mine', {}));
  cluster.advance('5s');
  assert.ok(client.get('ConfigMap', { namespace: 'default', name: 'mine' }));
  client.delete(client.get('Widget', { namespace: 'default', name: 'mine' }));
  cluster.advance('5s');
  assert.throws(() => client.get('ConfigMap', { namespace: 'default', name: 'mine' }), /not found/);
  assert.equal(cluster.problems, []);
});

test.run();
