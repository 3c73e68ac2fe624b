// fails: 선언한 수만큼 파드를 만든다
import { type Client, type Controller, exercise, forObject } from 'kubook';

await exercise('why-3', (client: Client): Controller => ({
  name: 'replicaset',
  watches: [forObject('ReplicaSet')],
  reconcile(request) {
    const rs = client.find('ReplicaSet', request);
    if (!rs) return;
    const { name, uid } = rs.metadata;
    const ownerReferences = [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name, uid, controller: true }];
    const spec = { replicas: rs.spec.replicas, selector: rs.spec.selector.matchLabels, template: rs.spec.template };
    const rc: any = client.find('ReplicationController', request);
    if (!rc) client.create({ apiVersion: 'v1', kind: 'ReplicationController', metadata: { ...request, ownerReferences }, spec } as any);
    else if (rc.spec.replicas !== rs.spec.replicas) client.update({ ...rc, spec });
    client.updateStatus(rs, { replicas: rs.spec.replicas });
  },
}));
