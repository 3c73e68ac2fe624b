// fails: shipper가 web이 쓴 줄을 내보낸다
import { exercise } from 'kubook';

await exercise('pods-2', async ({ cluster, kubectl }) => {
  const manifest = JSON.parse(cluster.files.get('web.yaml') ?? '');
  const { spec } = manifest;
  spec.volumes = [{ name: 'logs', emptyDir: {} }];
  spec.containers[0].volumeMounts = [{ name: 'logs', mountPath: '/var/log/web' }];
  spec.containers.push({ name: 'shipper', image: 'busybox', command: ['sh', '-c', 'sleep 2; cat /logs/access.log; sleep 864000'], volumeMounts: [{ name: 'logs', mountPath: '/logs', readOnly: true }] });
  cluster.file('web.yaml', JSON.stringify(manifest));
  await kubectl`apply -f web.yaml`;
});
