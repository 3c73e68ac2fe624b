import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createVersion, discovery, findResource, resourceFor, resources, servedVersions } from '../../lib/api/index.ts';

const [then, now] = [createVersion('v1.20'), createVersion('v1.33')];
const namesIn = (release: typeof now, group: string, version: string) => discovery(release).apiResourceList(group, version)?.resources.map(({ name }) => name) ?? [];

test('a name in any of its forms finds the kind', () => {
  for (const name of ['Deployment', 'deployments', 'deployment', 'deploy', 'deployments.apps', 'deployments.v1.apps', 'deploy.apps']) {
    assert.is(findResource(name)?.kind, 'Deployment', name);
  }
  assert.is(findResource('DEPLOY')?.kind, 'Deployment');
  assert.is(findResource('widgets'), undefined);
});

test('the short names of the notes', () => {
  const short = 'no ns deploy po svc rs ing cm hpa ds pvc pv sts rc quota sa cj ev sc ep limits'.split(' ');
  const kinds = 'Node Namespace Deployment Pod Service ReplicaSet Ingress ConfigMap HorizontalPodAutoscaler DaemonSet PersistentVolumeClaim PersistentVolume StatefulSet ReplicationController ResourceQuota ServiceAccount CronJob Event StorageClass Endpoints LimitRange'.split(' ');
  assert.equal(short.map((name) => findResource(name)?.kind), kinds);
});

test('API versions are served by the releases that had them', () => {
  assert.equal(servedVersions(findResource('hpa')!, now), ['v2', 'v1']);
  assert.is(resourceFor('discovery.k8s.io', 'v1', 'endpointslices', then), undefined);
  assert.is(resourceFor('discovery.k8s.io', 'v1beta1', 'endpointslices', then)?.kind, 'EndpointSlice');
  assert.is(resourceFor('policy', 'v1beta1', 'poddisruptionbudgets', now), undefined);
  assert.is(findResource('podsecuritypolicies', now), undefined);
  assert.is(findResource('ingresses', then)?.group, 'networking.k8s.io');
});

test('groups that are gone are not listed', () => {
  const groups = (release: typeof now) => discovery(release).apiGroupList().groups.map(({ name }) => name);
  assert.ok(groups(then).includes('extensions'));
  assert.not.ok(groups(now).includes('extensions'));
  assert.is(discovery(now).apiGroup('extensions'), undefined);
  assert.is(discovery(now).apiGroup('batch')?.preferredVersion.groupVersion, 'batch/v1');
});

test('subresources belong to releases and versions', () => {
  assert.ok(namesIn(now, '', 'v1').includes('pods/resize'));
  assert.not.ok(namesIn(then, '', 'v1').includes('pods/resize'));
  assert.ok(namesIn(then, 'storage.k8s.io', 'v1').includes('volumeattachments/status'));
  assert.not.ok(namesIn(then, 'storage.k8s.io', 'v1beta1').includes('volumeattachments/status'));
});

test('every kind has one place in etcd', () => {
  const paths = new Map<string, string>();
  for (const { etcdPath, kind } of resources) {
    assert.is(paths.get(etcdPath) ?? kind, kind, etcdPath);
    paths.set(etcdPath, kind);
  }
});

test.run();
