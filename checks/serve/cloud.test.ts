// `kubook serve --cloud`: what the cloud gave outlives a restart of everything.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Cluster } from '../../lib/cluster/index.ts';
import { openFolder } from '../../lib/serve/keep/folder.ts';
import { openCluster } from '../../lib/serve/open-cluster.ts';

const test = suite<{ folder: string }>('serve --cloud');
test.before((context) => void (context.folder = mkdtempSync(join(tmpdir(), 'kubook-cloud-'))));
test.after(({ folder }) => rmSync(folder, { recursive: true }));

const voice = { say() {}, complain: (text: string) => assert.unreachable(text) };

async function opened<T>(data: string, run: (cluster: Cluster) => T, wish: { cloud?: boolean } = {}): Promise<T> {
  const keeper = openFolder(data, { voice });
  try {
    const { cluster } = await openCluster({ nodes: 2, ...wish }, keeper);
    return run(cluster);
  } finally {
    await keeper.close();
  }
}

const balancers = (cluster: Cluster) => cluster.cloud.balancers().map(({ id, address }) => `${id} ${address}`);
const ingress = (cluster: Cluster, name: string) => cluster.client.get('Service', { namespace: 'default', name }).status?.loadBalancer?.ingress?.[0]?.ip;
const order = (cluster: Cluster, name: string) => cluster.kubectl.text`create service loadbalancer ${name} --tcp=80:80`;

test('balancers, their addresses and machines that were given back are as they were', async ({ folder }) => {
  const data = join(folder, 'data');
  const before = await opened(data, (cluster) => {
    order(cluster, 'one');
    order(cluster, 'two');
    cluster.advance('20s');
    cluster.cloud.terminate('worker-2');
    cluster.kubectl.text`delete service one`;
    cluster.advance('60s');
    return { balancers: balancers(cluster), two: ingress(cluster, 'two') };
  }, { cloud: true });
  assert.is(before.balancers.length, 1);
  assert.is(before.two, '203.0.113.11');

  const after = await opened(data, (cluster) => {
    cluster.advance('60s');
    const kept = { balancers: balancers(cluster), two: ingress(cluster, 'two') };
    order(cluster, 'three');
    cluster.advance('20s');
    return { kept, three: ingress(cluster, 'three'), machines: cluster.cloud.instances().map(({ name }) => name) };
  });
  assert.equal(after.kept, before);
  assert.is(after.three, '203.0.113.10', 'the address that was given back');
  assert.not.ok(after.machines.includes('worker-2'));
});

test('a cluster that is in no cloud does not move there', async ({ folder }) => {
  const data = join(folder, 'ground');
  await opened(data, (cluster) => assert.throws(() => cluster.cloud));
  try {
    await opened(data, () => {}, { cloud: true });
    assert.unreachable();
  } catch (error) {
    assert.match((error as Error).message, '클라우드에 있지 않다');
  }
});

test.run();
