// fails: 벗어난 파드를 놓아준다
import { type Client, type Controller, exercise, forMapped, forObject, isPodActive, isPodReady, type Pod, type ReplicaSet } from 'kubook';

const patience = 60_000;
const controllerOf = (pod: Pod) => pod.metadata.ownerReferences?.find((owner) => owner.controller);
const selects = (rs: ReplicaSet, pod: Pod) => Object.entries(rs.spec.selector.matchLabels ?? {}).every(([key, value]) => pod.metadata.labels?.[key] === value);
const concerns = (rs: ReplicaSet, pod: Pod) => (controllerOf(pod) ? controllerOf(pod)!.uid === rs.metadata.uid : selects(rs, pod));

await exercise('controllers-2', (client: Client): Controller => {
  // Pods that were made or deleted, and since when: until the cache shows it.
  const written = new Map<string, { made: boolean; at: number }>();
  const now = () => client.clock.now;
  const unseen = ({ name, namespace }: { name: string; namespace?: string }) => {
    for (const [key, { made, at }] of written) {
      const [owner, pod] = key.split(' ') as [string, string];
      if (owner !== `${namespace}/${name}`) continue;
      const shown = client.find('Pod', { namespace, name: pod });
      if ((made ? shown : !shown || !isPodActive(shown)) || now() - at > patience) written.delete(key);
      else return true;
    }
    return false;
  };

  return {
    name: 'replicaset',
    watches: [
      forObject('ReplicaSet'),
      forMapped('Pod', ({ object, old }, reader) =>
        [...reader.cache('ReplicaSet').inNamespace(object.metadata.namespace)]
          .filter((rs) => concerns(rs, object) || (old && concerns(rs, old)))
          .map(({ metadata }) => ({ namespace: metadata.namespace, name: metadata.name })),
      ),
    ],
    reconcile(request) {
      const rs = client.find('ReplicaSet', request);
      if (!rs || rs.metadata.deletionTimestamp) return;
      const { name, namespace = 'default', uid } = rs.metadata;
      const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name, uid, controller: true };
      if (unseen(rs.metadata)) return { requeueAfter: 500 };

      const pods: Pod[] = [];
      for (const pod of [...client.cache('Pod').inNamespace(namespace)].filter(isPodActive)) {
        const key = { namespace, name: pod.metadata.name };
        const present = pod.metadata.ownerReferences ?? [];
        const mine = controllerOf(pod)?.uid === uid;
        if (mine) pods.push(pod);
        else if (!controllerOf(pod) && selects(rs, pod)) {
          client.patch('Pod', key, { metadata: { ownerReferences: [...present, owner] } }, { type: 'merge' });
          pods.push(pod);
        }
      }

      for (let i = pods.length; i < rs.spec.replicas; i++) {
        const made = client.create({
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { ...rs.spec.template.metadata, generateName: `${name}-`, namespace, ownerReferences: [owner] },
          spec: rs.spec.template.spec,
        });
        written.set(`${namespace}/${name} ${made.metadata.name}`, { made: true, at: now() });
      }
      // Whoever is not ready is missed least.
      const order = [...pods].sort((a, b) => Number(isPodReady(b)) - Number(isPodReady(a)));
      for (const pod of order.slice(rs.spec.replicas)) {
        client.delete(pod);
        written.set(`${namespace}/${name} ${pod.metadata.name}`, { made: false, at: now() });
      }
      const ready = pods.filter(isPodReady).length;
      client.updateStatus(rs, { replicas: pods.length, readyReplicas: ready, availableReplicas: ready, observedGeneration: rs.metadata.generation });
    },
  };
});
