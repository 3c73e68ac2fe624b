// Every kind through the same hands.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createVersion, findResource } from '../../lib/api/index.ts';
import { createCluster } from '../../lib/index.ts';
import { sampleKinds, sampleObject } from '../oracle/api/sample-objects.ts';

const test = suite('api server: kinds');

test('an object of any kind can be labelled and written back', () => {
  for (const version of ['v1.20', 'v1.33']) {
    const { client, settle } = createCluster({ nodes: 0, version, seed: 1 });
    client.create({ kind: 'Namespace', metadata: { name: 'demo' } });
    settle();
    for (const kind of sampleKinds) {
      const sample = sampleObject(kind)!;
      const resource = findResource(kind, createVersion(version));
      if (!resource || kind === 'Namespace') continue;
      const made = client.create({ ...sample, metadata: { ...sample.metadata, ...(resource.namespaced && { namespace: 'demo' }) } });
      const labelled = client.patch(kind, made.metadata, { metadata: { labels: { a: 'b' } } });
      assert.is(labelled.metadata.labels!['a'], 'b', kind);
      assert.is(client.update(labelled).metadata.resourceVersion, labelled.metadata.resourceVersion, `${version} ${kind}`);
    }
  }
});

test.run();
