// fails: status에 센 수를 적는다
import { type Client, type Controller, exercise, forObject } from 'kubook';

await exercise('why-3', (client: Client): Controller => ({
  name: 'replicaset',
  watches: [forObject('ReplicaSet')],
  reconcile(request) {
    const rs = client.find('ReplicaSet', request);
    if (rs) client.updateStatus(rs, { replicas: rs.spec.replicas });
  },
}));
