// fails: 선언한 수만큼 파드를 만든다
import { type Client, type Controller, exercise, forObject, forOwner, isPodActive, isPodReady } from 'kubook';

await exercise('why-3', (client: Client): Controller => ({
  name: 'replicaset',
  watches: [forObject('ReplicaSet'), forOwner('Pod', 'ReplicaSet')],
  reconcile(request) {
    const rs = client.find('ReplicaSet', request);
    if (!rs || rs.metadata.deletionTimestamp) return;

    const pods = [...client.cache('Pod').ownedBy(rs.metadata.uid)].filter(isPodActive);
    for (let i = pods.length; i < rs.spec.replicas; i++) {
      client.create({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          ...rs.spec.template.metadata,
          generateName: `${rs.metadata.name}-`,
          namespace: rs.metadata.namespace,
          ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: rs.metadata.name, uid: rs.metadata.uid, controller: true }],
        },
        spec: { containers: [{ name: 'nginx', image: 'nginx' }] },
      });
    }
    for (const pod of pods.slice(rs.spec.replicas)) client.delete(pod);

    const ready = pods.filter(isPodReady).length;
    client.updateStatus(rs, { replicas: pods.length, readyReplicas: ready, availableReplicas: ready, observedGeneration: rs.metadata.generation });
  },
}));
