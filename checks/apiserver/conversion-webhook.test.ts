import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createCluster } from '../../lib/index.ts';

const text = { type: 'string' };
const schemas = { v1: { type: 'object', properties: { hostPort: text } }, v2: { type: 'object', properties: { host: text, port: text } } };
const definition = (path = '/crdconvert') => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'hosts.stable.example.com' },
  spec: {
    group: 'stable.example.com',
    scope: 'Namespaced',
    names: { plural: 'hosts', singular: 'host', kind: 'Host' },
    versions: (['v1', 'v2'] as const).map((name) => ({ name, served: true, storage: name === 'v1', schema: { openAPIV3Schema: schemas[name] }, ...(name === 'v2' && { additionalPrinterColumns: [{ name: 'Port', type: 'string', jsonPath: '.port' }] }) })),
    conversion: { strategy: 'Webhook', webhook: { clientConfig: { service: { namespace: 'default', name: 'converter', path }, caBundle: 'Q0E=' }, conversionReviewVersions: ['v1', 'v1beta1'] } },
  },
});

/** Objects are stored as v1, which has `hostPort` where v2 has `host` and `port`. */
async function withConverter(path?: string) {
  const { kubectl, client, advance, file } = createCluster({ nodes: 1 });
  await kubectl.text`create deployment converter --image=registry.k8s.io/e2e-test-images/agnhost:2.53 -- /agnhost crd-conversion-webhook --port=9443`;
  await kubectl.text`expose deployment converter --port=443 --target-port=9443`;
  advance('30s');
  client.create(definition(path));
  client.create({ apiVersion: 'stable.example.com/v1', kind: 'Host', metadata: { name: 'a', namespace: 'default', labels: { of: 'test' } }, hostPort: 'localhost:8080' });
  return { kubectl, file, client };
}

const path = '/apis/stable.example.com/v2/namespaces/default/hosts';

test('an object is read in the version that was asked for', async () => {
  const { kubectl } = await withConverter();
  const { apiVersion, host, port, hostPort, metadata } = JSON.parse(await kubectl.text`get --raw ${`${path}/a`}`);
  assert.equal([apiVersion, host, port, hostPort, metadata.labels], ['stable.example.com/v2', 'localhost', '8080', undefined, { of: 'test' }]);
  const { items } = JSON.parse(await kubectl.text`get --raw ${path}`);
  assert.equal(items.map((item: Record<string, unknown>) => item['port']), ['8080']);
});

test('kubectl shows the preferred version, or the one that is named', async () => {
  const { kubectl } = await withConverter();
  const shown = async (kind: string) => JSON.parse(await kubectl.text`get ${kind} a -o json`);
  assert.equal([(await shown('host')).apiVersion, (await shown('host')).port], ['stable.example.com/v2', '8080']);
  assert.equal([(await shown('hosts.v1.stable.example.com')).apiVersion, (await shown('hosts.v1.stable.example.com')).hostPort], ['stable.example.com/v1', 'localhost:8080']);
  assert.is(await kubectl.text`get hosts`, 'NAME   PORT\na      8080\n');
  assert.match(await kubectl.text`get hosts.v1.stable.example.com`, /^NAME +AGE\n/);
  const { items } = JSON.parse(await kubectl.text`get hosts.v1.stable.example.com -o json`);
  assert.equal(items.map((one: Record<string, string>) => one['apiVersion']), ['stable.example.com/v1']);
  assert.is(JSON.parse(await kubectl.text`get deployments.v1.apps converter -o json`).apiVersion, 'apps/v1');
});

test('an object is written in another version than it is stored in', async () => {
  const { kubectl, file } = await withConverter();
  file('b.yaml', 'apiVersion: stable.example.com/v2\nkind: Host\nmetadata:\n  name: b\nhost: example.com\nport: "443"\n');
  assert.is(await kubectl.text`apply -f b.yaml`, 'host.stable.example.com/b created\n');
  const stored = JSON.parse(await kubectl.text`get --raw ${path.replace('v2', 'v1')}/b`);
  assert.equal([stored.hostPort, stored.host], ['example.com:443', undefined]);
});

test('objects that were stored in different versions are listed in one', async () => {
  const { kubectl, client } = await withConverter();
  const old = client.get('CustomResourceDefinition' as never, { name: 'hosts.stable.example.com' } as never) as ReturnType<typeof definition>;
  client.update({ ...old, spec: { ...old.spec, versions: old.spec.versions.map((one) => ({ ...one, storage: one.name === 'v2' })) } } as never);
  client.create({ apiVersion: 'stable.example.com/v1', kind: 'Host', metadata: { name: 'b', namespace: 'default' }, hostPort: 'localhost:9090' });
  const list = async (version: string) => JSON.parse(await kubectl.text`get --raw ${path.replace('v2', version)}`).items.map(({ hostPort, host, port }: Record<string, string>) => [hostPort, host, port]);
  assert.equal(await list('v1'), [['localhost:8080', undefined, undefined], ['localhost:9090', undefined, undefined]]);
  assert.equal(await list('v2'), [[undefined, 'localhost', '8080'], [undefined, 'localhost', '9090']]);
});

test('the webhook is named when it cannot convert', async () => {
  const { kubectl } = await withConverter('/nowhere');
  const said = await kubectl.text`get --raw ${`${path}/a`}`;
  assert.match(said, 'conversion webhook for stable.example.com/v1, Kind=Host failed: Post "https://converter.default.svc:443/nowhere?timeout=30s": the server could not find the requested resource');
});

test.run();
