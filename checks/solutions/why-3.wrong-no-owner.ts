// fails: 만든 파드에 주인을 적는다
import { type Client, type Controller, exercise, forObject, forOwner, isPodActive, isPodReady } from 'kubook';

await exercise('why-3', (client: Client): Controller => ({
  name: 'replicaset',
  watches: [forObject('ReplicaSet'), forOwner('Pod', 'ReplicaSet')],
  reconcile(request) {
    const rs = client.find('ReplicaSet', request);
    if (!rs || rs.metadata.deletionTimestamp) return;

    const pods = [...client.cache('Pod')].filter((pod) => isPodActive(pod) && pod.metadata.labels?.app === rs.metadata.labels?.app);
    for (let i = pods.length; i < rs.spec.replicas; i++) {
      client.create({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          ...rs.spec.template.metadata,
          generateName: `${rs.metadata.name}-`,
          namespace: rs.metadata.namespace,
        },
        spec: rs.spec.template.spec,
      });
    }
    for (const pod of pods.slice(rs.spec.replicas)) client.delete(pod);

    const ready = pods.filter(isPodReady).length;
    client.updateStatus(rs, { replicas: pods.length, readyReplicas: ready, availableReplicas: ready, observedGeneration: rs.metadata.generation });
  },
}));
