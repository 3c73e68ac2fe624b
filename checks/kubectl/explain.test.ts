// kubectl explain: byte for byte what the real kubectl makes of the same documents, and in the package that cells load.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createCluster } from '../../lib/cluster/index.ts';
import { manualTime, serve } from '../../lib/serve/index.ts';
import { kubectls, realKubectl } from '../serve/real-kubectl.ts';

const test = suite('kubectl explain');
const root = join(import.meta.dirname, '..', '..');

const lines = `
pods
po.spec.containers.livenessProbe
pod.spec.containers.imagePullPolicy
pod.spec.containers.resources --recursive
pod.spec.affinity.nodeAffinity --recursive
deployment --recursive
deployments.apps.spec.template.spec.volumes.projected.sources
svc.spec.ports.targetPort
cm.data
secret.stringData.
node.status.conditions.lastHeartbeatTime
sts.spec.volumeClaimTemplates
crd.spec.versions.schema.openAPIV3Schema.properties
ing.spec.rules.http --output=plaintext-openapiv2
pod.spec.tolerations --output plaintext-openapiv2
cronjob.spec.jobTemplate --recursive -o plaintext-openapiv2
hpa.spec.metrics --api-version=autoscaling/v2
hpa.spec --api-version=autoscaling/v1
crontab.spec
ct --recursive
crontabs.example.com.spec.image -o plaintext-openapiv2
pod.spec.nope.image
pod.spec.containers[0].image
pod..spec
cm.data.key.deeper
pood
pods extra
deploy --api-version=apps/v2
deploy --api-version=v1
deploy --api-version=apps/v2 -o plaintext-openapiv2
deploy.spec -o yaml
`.trim().split('\n');
const definition = readFileSync(join(root, 'checks/serve/kinds/cluster.yaml'), 'utf8');

test('as the real one', async () => {
  const pinned = kubectls.find(({ name }) => name === 'v1.32');
  if (!pinned) return console.log('NOTE no kubectl v1.32 in .kubectl: only .ci/run fetches it');
  const cluster = createCluster({ nodes: 0 });
  cluster.kubectl.run('apply -f -', { stdin: definition });
  const serving = await serve(cluster, { port: 0, time: manualTime(cluster) });
  const real = realKubectl(pinned.path, serving);
  try {
    // The first one fetches and keeps what the others, which run side by side, share.
    for (const some of [lines.slice(0, 1), lines.slice(1)]) {
      const answers = await Promise.all(some.map((line) => real.run(`explain ${line}`)));
      for (const [i, { code, stdout, stderr }] of answers.entries()) {
        const own = cluster.kubectl.run(`explain ${some[i]!}`);
        assert.equal({ code: own.code, stdout: own.stdout, stderr: own.stderr }, { code, stdout, stderr }, `kubectl explain ${some[i]!}`);
      }
    }
  } finally {
    await serving.close();
  }
});

test('the package has the words where nothing but it can be read', () => {
  const cell = `const { createCluster } = require('./dist/index.cjs'); console.log(createCluster({ nodes: 0 }).kubectl.run('explain pod.spec.nodeName').stdout);`;
  const permission = process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission';
  const { stdout, stderr } = spawnSync(process.execPath, ['--no-warnings', permission, `--allow-fs-read=${join(root, 'dist', '*')}`, '-e', cell], { cwd: root, encoding: 'utf8' });
  assert.is(stderr, '');
  assert.match(stdout, /FIELD: nodeName <string>\n\n\nDESCRIPTION:\n {4}NodeName is a request to schedule/);
});

test.run();
