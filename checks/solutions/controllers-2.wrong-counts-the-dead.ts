// fails: 적힌 수만큼 돌린다
import { type Client, type Controller, exercise, forMapped, forObject, forOwner, isPodReady, type Pod } from 'kubook';

// A pod that has ended counts as if it ran.

await exercise('controllers-2', (client: Client): Controller => ({
  name: 'replicaset',
  watches: [
    forObject('ReplicaSet'),
    forOwner('Pod', 'ReplicaSet'),
    forMapped('Pod', ({ object }, client) =>
      [...client.cache('ReplicaSet').inNamespace(object.metadata.namespace!)]
        .map(({ metadata }) => ({ namespace: metadata.namespace!, name: metadata.name! }))),
  ],
  reconcile(request) {
    const rs = client.find('ReplicaSet', request);
    if (!rs || rs.metadata.deletionTimestamp) return;
    const { name, uid } = rs.metadata;
    const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name, uid, controller: true };
    const namespace = rs.metadata.namespace!;
    const labels = Object.entries(rs.spec.selector.matchLabels ?? {});
    const fits = (pod: Pod) => labels.every(([key, value]) => pod.metadata.labels?.[key] === value);
    const all = client.list('Pod', { namespace }).items;
    const mine: Pod[] = [];
    for (const pod of all) {
      const boss = pod.metadata.ownerReferences?.find((one) => one.controller);
      const key = { namespace, name: pod.metadata.name! };
      if (boss?.uid === uid) {
        if (fits(pod)) mine.push(pod);
        else client.patch('Pod', key, { metadata: { ownerReferences: pod.metadata.ownerReferences!.filter((one) => one.uid !== uid) } }, { type: 'merge' });
      } else if (!boss && fits(pod)) {
        client.patch('Pod', key, { metadata: { ownerReferences: [...(pod.metadata.ownerReferences ?? []), owner] } }, { type: 'merge' });
        mine.push(pod);
      }
    }
    for (let i = mine.length; i < rs.spec.replicas; i++) {
      client.create({
        apiVersion: 'v1', kind: 'Pod',
        metadata: { generateName: name + '-', namespace, labels: rs.spec.template.metadata?.labels, ownerReferences: [owner] },
        spec: rs.spec.template.spec,
      } as any);
    }
    for (const pod of mine.slice(rs.spec.replicas)) client.delete(pod);
    client.updateStatus(rs, { replicas: mine.length, readyReplicas: mine.filter(isPodReady).length });
  },
}));
