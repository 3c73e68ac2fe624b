// helm, where `.ci/run` has put it beside kubectl: a small chart through its whole life.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createCluster } from '../../lib/cluster/index.ts';
import { serve, type Serving, wallTime } from '../../lib/serve/index.ts';
import { helms, type RealKubectl, realKubectl } from './real-kubectl.ts';

const test = suite<{ serving: Serving; errors: unknown[]; helm: RealKubectl }>('helm');
const chart = join(import.meta.dirname, 'chart');

for (const { name, path } of helms) {
  test(`the helm beside kubectl ${name}`, async () => {
    const errors: unknown[] = [];
    const onError = (error: unknown) => void errors.push(error);
    const cluster = createCluster({ nodes: 2, start: Math.floor(Date.now() / 1000) * 1000 - 3_600_000 });
    const serving = await serve(cluster, { port: 0, onError, time: wallTime(cluster, { speed: 5, onError }) });
    const helm = realKubectl(path, serving);
    const ok = async (line: string) => {
      const { code, stdout, stderr } = await helm.run(line);
      assert.is(code, 0, `helm ${line}: ${stderr}`);
      return stdout;
    };
    const replicas = () => cluster.client.get('Deployment', { namespace: 'default', name: 'demo' }).spec.replicas;
    assert.match(await ok(`install demo ${chart} --wait --timeout 30s`), 'STATUS: deployed\nREVISION: 1\n');
    assert.is(replicas(), 1);
    await ok(`upgrade demo ${chart} --set replicas=2 --wait --timeout 30s`);
    assert.is(replicas(), 2);
    await ok('rollback demo 1 --wait --timeout 30s');
    assert.is(replicas(), 1);
    assert.equal(JSON.parse(await ok('history demo -o json')).map(({ status }: { status: string }) => status), ['superseded', 'superseded', 'deployed']);
    assert.is(await ok('uninstall demo --wait --timeout 30s'), 'release "demo" uninstalled\n');
    assert.is(cluster.client.list('Pod', { namespace: 'default' }).items.length, 0);
    assert.equal(errors, []);
    await serving.close();
  });
}

if (helms.length === 0) console.log('NOTE no helm in .kubectl: only .ci/run fetches it');
test('the chart is there for whoever has helm', () => assert.ok(existsSync(join(chart, 'Chart.yaml'))));
test.run();
