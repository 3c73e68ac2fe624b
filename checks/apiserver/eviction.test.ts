// Evictions: what a PodDisruptionBudget lets go, and what is said on the pod.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type KubeObject, type Manifest, podCondition } from '../../lib/api/index.ts';
import type { Cluster } from '../../lib/cluster/index.ts';
import { addPod, bareCluster, podOf } from '../scheduler/helpers.ts';

interface Budget {
  allowed: number;
  healthy?: number;
  spec?: object;
}

/** Two pods of one budget: one is ready, one is not. */
function setUp({ allowed, healthy = 1, spec = {} }: Budget, version = 'v1.33'): Cluster {
  const cluster = bareCluster({ version });
  for (const name of ['ready', 'sick']) {
    addPod(cluster, name, { nodeName: 'n1' }, { labels: { app: 'web' } });
    const conditions = [{ type: 'Ready', status: name === 'ready' ? 'True' : 'False', lastProbeTime: null, lastTransitionTime: '2026-01-01T00:00:00Z' }];
    cluster.client.updateStatus(podOf(cluster, name), { phase: 'Running', conditions } as object);
  }
  const apiVersion = version === 'v1.20' ? 'policy/v1beta1' : 'policy/v1';
  const budget = cluster.client.create({ apiVersion, kind: 'PodDisruptionBudget', metadata: { name: 'web', namespace: 'default' }, spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } }, ...spec } } as Manifest);
  cluster.client.updateStatus(budget, { disruptionsAllowed: allowed, currentHealthy: healthy, desiredHealthy: 1, expectedPods: 2, observedGeneration: 1 });
  return cluster;
}

function evict({ server }: Cluster, name: string, deleteOptions: object = {}): string {
  const object = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace: 'default' }, deleteOptions } as unknown as KubeObject;
  try {
    server.handle({ verb: 'create', resource: server.resourceOf('Pod'), namespace: 'default', name, subresource: 'eviction', object, user: 'tester', userAgent: 'test' });
    return 'evicted';
  } catch (error) {
    return (error as Error).message;
  }
}

const refused = "Cannot evict pod as it would violate the pod's disruption budget.";
const left = ({ client }: Cluster) => client.get('PodDisruptionBudget', { namespace: 'default', name: 'web' }).status.disruptionsAllowed;

test('a ready pod spends the budget', () => {
  const cluster = setUp({ allowed: 1 });
  assert.is(evict(cluster, 'ready'), 'evicted');
  assert.is(left(cluster), 0);
  assert.is(evict(setUp({ allowed: 0 }), 'ready'), refused);
});

test('a pod that is not ready goes without it while enough others are healthy', () => {
  for (const version of ['v1.20', 'v1.33']) {
    const cluster = setUp({ allowed: 0 }, version);
    assert.is(evict(cluster, 'sick'), 'evicted', version);
    assert.is(evict(setUp({ allowed: 0, healthy: 0 }, version), 'sick'), refused, version);
  }
});

test('AlwaysAllow lets it go in any case', () => {
  const spec = { unhealthyPodEvictionPolicy: 'AlwaysAllow' };
  assert.is(evict(setUp({ allowed: 0, healthy: 0, spec }), 'sick'), 'evicted');
  assert.is(evict(setUp({ allowed: 0, healthy: 0, spec }), 'ready'), refused);
});

test('the pod says why it goes, from v1.26 on and not in a dry run', () => {
  const cluster = setUp({ allowed: 1 });
  evict(cluster, 'ready', { dryRun: ['All'] });
  assert.is(podCondition(podOf(cluster, 'ready'), 'DisruptionTarget'), undefined);
  evict(cluster, 'ready');
  const { reason, message } = podCondition(podOf(cluster, 'ready'), 'DisruptionTarget')!;
  assert.equal([reason, message], ['EvictionByEvictionAPI', 'Eviction API: evicting']);
  const old = setUp({ allowed: 1 }, 'v1.20');
  evict(old, 'ready');
  assert.is(podCondition(podOf(old, 'ready'), 'DisruptionTarget'), undefined);
});

test('a version that was asked for still counts', () => {
  const cluster = setUp({ allowed: 1 });
  const { resourceVersion } = podOf(cluster, 'ready').metadata;
  assert.match(evict(cluster, 'ready', { preconditions: { resourceVersion: '1' } }), 'does not match the ResourceVersion in record');
  assert.is(podCondition(podOf(cluster, 'ready'), 'DisruptionTarget'), undefined);
  cluster.client.updateStatus(cluster.client.get('PodDisruptionBudget', { namespace: 'default', name: 'web' }), { disruptionsAllowed: 1 });
  assert.is(evict(cluster, 'ready', { preconditions: { resourceVersion: resourceVersion! } }), 'evicted');
});

test.run();
