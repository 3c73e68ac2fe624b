import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createVersion } from '../../lib/api/index.ts';
import { freshServer, type RecordedRequest } from '../oracle/api/server.ts';

const configMaps = '/api/v1/namespaces/default/configmaps';

function serverWith(...names: string[]) {
  const { send } = freshServer(createVersion('v1.33'));
  const ask = (request: RecordedRequest) => send(request) as { code: number; body: any };
  for (const name of names) ask({ method: 'POST', path: configMaps, body: { metadata: { name }, data: { name } } });
  return ask;
}

test('the scope of a kind decides which paths exist', () => {
  const ask = serverWith('a');
  const codes = [
    ['GET', '/api/v1/configmaps'],
    ['GET', '/api/v1/configmaps/a'],
    ['POST', '/api/v1/configmaps'],
    ['DELETE', '/api/v1/configmaps'],
    ['GET', '/api/v1/namespaces/default/nodes'],
    ['GET', '/api/v1/nodes'],
    ['PATCH', configMaps],
  ].map(([method, path]) => ask({ method, path: path!, body: {} }).code);
  assert.equal(codes, [200, 404, 405, 405, 404, 200, 405]);
});

test('a list whose beginning is too old goes on with what there is now', () => {
  const { send, server } = freshServer(createVersion('v1.33'));
  const ask = (request: RecordedRequest) => send(request) as { code: number; body: any };
  for (const name of ['a', 'b', 'c']) ask({ method: 'POST', path: configMaps, body: { metadata: { name } } });
  const { metadata } = ask({ path: `${configMaps}?limit=1` }).body;
  ask({ method: 'POST', path: configMaps, body: { metadata: { name: 'bb' } } });
  server.storage.store.compact(server.storage.store.revision);
  const expired = ask({ path: `${configMaps}?limit=1&continue=${metadata.continue}` });
  assert.equal([expired.code, expired.body.reason], [410, 'Expired']);
  const rest = ask({ path: `${configMaps}?continue=${expired.body.metadata.continue}` }).body;
  assert.equal(rest.items.map((one: any) => one.metadata.name), ['b', 'bb', 'c']);
  assert.ok(Number(rest.metadata.resourceVersion) > Number(metadata.resourceVersion));
});

test('one answer in several forms', () => {
  const ask = serverWith('a', 'b');
  const form = (as: string) => `application/json;as=${as};v=v1;g=meta.k8s.io,application/json`;
  const table = ask({ path: configMaps, accept: form('Table') }).body;
  assert.equal([table.kind, table.rows.map((row: any) => row.cells.slice(0, 2))], ['Table', [['a', 1], ['b', 1]]]);
  const one = ask({ path: `${configMaps}/a`, accept: form('PartialObjectMetadata') }).body;
  assert.equal([one.kind, one.metadata.name, one.data], ['PartialObjectMetadata', 'a', undefined]);
  assert.is(ask({ path: configMaps, accept: form('PartialObjectMetadataList') }).body.items.length, 2);
  const html = ask({ path: configMaps, accept: 'text/html' });
  assert.equal([html.code, html.body.reason], [406, 'NotAcceptable']);
  const review = { method: 'POST', path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', body: { spec: { nonResourceAttributes: { path: '/', verb: 'get' } } } };
  assert.is(ask({ ...review, accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' }).code, 406, 'a review has no Table');
  assert.is(ask({ ...review, accept: form('Table') }).code, 201);
});

test('YAML is read, other bodies are refused', () => {
  const ask = serverWith();
  const yaml = ask({ method: 'POST', path: configMaps, contentType: 'application/yaml', body: 'metadata:\n  name: from-yaml\ndata:\n  a: "1"\n' });
  assert.equal([yaml.code, yaml.body.data], [201, { a: '1' }]);
  assert.is(ask({ method: 'POST', path: configMaps, contentType: 'text/plain', body: 'x' }).code, 415);
  assert.match(ask({ method: 'POST', path: configMaps, body: '{"a" 1}' }).body.message, "json parse error: invalid character '1' after object key");
});

test('options are checked before anything is done', () => {
  const ask = serverWith('a');
  const message = (request: RecordedRequest) => ask(request).body.message;
  assert.match(message({ method: 'POST', path: `${configMaps}?dryRun=Some`, body: { metadata: { name: 'q' } } }), 'CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value');
  assert.match(message({ path: `${configMaps}?limit=x` }), 'strconv.ParseInt: parsing "x": invalid syntax');
  assert.match(message({ path: `${configMaps}?resourceVersionMatch=Exact` }), 'resourceVersionMatch is forbidden unless resourceVersion is provided');
  assert.match(message({ path: `${configMaps}?continue=abc.def` }), 'invalid continue token: continue key is not valid: illegal base64 data at input byte 3');
  assert.is(ask({ path: `${configMaps}/q` }).code, 404);
});

test('what is wrong is told in one order: numbers, selectors, their use together, fields, then the options of a DELETE', () => {
  const ask = serverWith('a');
  const refusal = (query: string, body?: unknown) => ask({ method: 'DELETE', path: `${configMaps}?${query}`, body }).body.message;
  const all = 'limit=x&labelSelector=a%20b&resourceVersionMatch=Exact&fieldSelector=foo%3Dbar&gracePeriodSeconds=x';
  assert.match(refusal(all, '5'), 'strconv.ParseInt: parsing "x"');
  assert.match(refusal(all.replace('limit=x&', ''), '5'), 'unable to parse requirement');
  assert.match(refusal(all.replace(/^.*(?=resourceVersionMatch)/, ''), '5'), 'resourceVersionMatch is forbidden unless');
  assert.match(refusal(all.replace(/^.*(?=fieldSelector)/, ''), '5'), 'is not a known field selector');
  assert.match(refusal('gracePeriodSeconds=x', '5'), 'cannot unmarshal number');
  assert.match(refusal('gracePeriodSeconds=x'), 'strconv.ParseInt: parsing "x"');
  const one = (query: string, body?: unknown) => ask({ method: 'DELETE', path: `${configMaps}/ghost?${query}`, body });
  assert.match(one('propagationPolicy=&dryRun=Foo').body.message, 'is invalid: [propagationPolicy: Unsupported value: ""');
  assert.is(one('propagationPolicy=x', {}).code, 404);
  assert.is(ask({ method: 'DELETE', path: `${configMaps}/a`, body: { preconditions: { uid: '' } } }).code, 409);
});

test('a slash stays one when it is spelt as %2F; whatever is not false is true', () => {
  const ask = serverWith('a');
  assert.is(ask({ path: `${configMaps}/a%2Fb` }).body.message, 'the server could not find the requested resource');
  assert.is(ask({ path: `${configMaps}?watch=no&fieldSelector=foo%3Dbar` }).code, 400);
  assert.ok('watch' in ask({ path: `${configMaps}?watch` }));
});

test('a name that is being deleted is not free', () => {
  const ask = serverWith();
  const body = { metadata: { name: 'held', finalizers: ['example.com/hold'] } };
  ask({ method: 'POST', path: configMaps, body });
  assert.ok(ask({ method: 'DELETE', path: `${configMaps}/held` }).body.metadata.deletionTimestamp);
  assert.is(ask({ method: 'POST', path: configMaps, body }).body.message, 'object is being deleted: configmaps "held" already exists');
  ask({ method: 'PATCH', path: `${configMaps}/held`, contentType: 'application/merge-patch+json', body: { metadata: { finalizers: null } } });
  assert.is(ask({ method: 'POST', path: configMaps, body }).code, 201);
});

test.run();
