// Groups of other API servers over HTTPS: what they say of their kinds, and their watches.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { merged } from '../../lib/apiserver/openapi/merge.ts';
import { kubectls, realKubectl } from './real-kubectl.ts';
import { json, linesOf, type Served, served, take } from './served.ts';

const test = suite<{ at: Served }>('aggregated groups over HTTPS');
const group = '/apis/wardle.example.com/v1alpha1';
const flunders = `${group}/namespaces/default/flunders`;
const own = 'io.k8s.sample-apiserver.pkg.apis.wardle.v1alpha1.Flunder';

test.before(async (context) => {
  const at = (context.at = await served({ nodes: 1 }));
  const { kubectl, client } = at.cluster;
  await kubectl.text`create deployment api --image=registry.k8s.io/e2e-test-images/sample-apiserver:1.17`;
  await kubectl.text`expose deployment api --port=443`;
  at.advance('30s');
  client.create({
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: 'v1alpha1.wardle.example.com' },
    spec: { group: 'wardle.example.com', version: 'v1alpha1', groupPriorityMinimum: 2000, versionPriority: 200, insecureSkipTLSVerify: true, service: { namespace: 'default', name: 'api' } },
  });
  at.advance('1s');
});
test.after(({ at }) => at.close());

test('/openapi/v2 has their kinds too', async ({ at }) => {
  const { paths, definitions } = (await at.ask('/openapi/v2')).body;
  assert.ok(paths[`${group}/namespaces/{namespace}/flunders/{name}`]);
  assert.ok(paths['/api/v1/namespaces/{namespace}/pods']);
  // Its ObjectMeta is not quite ours.
  assert.equal(definitions[own].properties.metadata, { $ref: '#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta_v2' });
  assert.ok(definitions['io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta'].properties.name);
});

test('a server without /openapi/v3 has none here either', async ({ at }) => {
  const { paths } = (await at.ask('/openapi/v3')).body;
  assert.ok(paths['apis/apps/v1']);
  assert.is(paths['apis/wardle.example.com/v1alpha1'], undefined);
  assert.is((await at.ask('/openapi/v3/apis/wardle.example.com/v1alpha1')).code, 404);
});

test('documents in one: paths of ours win, types of one name are told apart', () => {
  const ref = (name: string) => ({ $ref: `#/definitions/${name}` });
  const ours = { paths: { '/apis/a': { get: ref('A') } }, definitions: { A: { type: 'object' }, Same: { type: 'string' } } };
  const theirs = {
    paths: { '/apis/a': { get: ref('Lost') }, '/apis/b': { get: ref('A') }, '/healthz': { get: ref('Health') } },
    definitions: { A: { type: 'object', properties: { same: ref('Same') } }, Same: { type: 'string' }, Lost: {}, Health: {}, Spare: {} },
  };
  assert.equal(merged(ours, theirs), {
    paths: { '/apis/a': { get: ref('A') }, '/apis/b': { get: ref('A_v2') } },
    definitions: { A: { type: 'object' }, Same: { type: 'string' }, A_v2: { type: 'object', properties: { same: ref('Same') } }, Spare: {} },
  });
});

test('a watch is handed on as it comes', async ({ at }) => {
  await at.ask(flunders, json('POST', { metadata: { name: 'one' } }));
  const lines = linesOf(await at.open(`${flunders}?watch=true`));
  assert.equal((await take(lines, 1)).map(({ type, object }) => [type, object.metadata.name]), [['ADDED', 'one']]);
  await at.ask(flunders, json('POST', { metadata: { name: 'two' } }));
  await at.ask(`${flunders}/one`, { method: 'DELETE' });
  at.advance('1s');
  assert.equal((await take(lines, 2)).map(({ type, object }) => [type, object.metadata.name]), [['ADDED', 'two'], ['DELETED', 'one']]);
  const short = linesOf(await at.open(`${flunders}?watch=true&timeoutSeconds=5`));
  await take(short, 1);
  at.advance('6s');
  assert.is((await short.next()).done, true);
});

for (const { name, path } of kubectls) {
  test(`kubectl ${name} explains them and watches them`, async ({ at }) => {
    const kubectl = realKubectl(path, at.serving);
    const explained = await kubectl.run(`explain flunders.spec ${name === 'v1.25' ? '' : '--output=plaintext-openapiv2'}`.trim());
    assert.match(explained.stdout, /reference\t<string>\n[\s\S]*referenceType\t<string>/, explained.stderr);
    const watching = kubectl.start('get flunders -w');
    await watching.until(/two/);
    await at.ask(flunders, json('POST', { metadata: { name: `from-${name.replace('.', '-')}` } }));
    at.advance('1s');
    await watching.until(new RegExp(`from-${name.replace('.', '-')} `));
    watching.child.kill();
    await watching.ended;
  });
}

test('nothing went wrong inside', ({ at }) => assert.equal([...at.errors, ...at.cluster.problems], []));
test.run();
