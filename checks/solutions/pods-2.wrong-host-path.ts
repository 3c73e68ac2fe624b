// fails: emptyDir 하나를 함께 쓴다
import { exercise } from 'kubook';

await exercise('pods-2', async ({ cluster, kubectl }) => {
  const manifest = JSON.parse(cluster.files.get('web.yaml') ?? '');
  const { spec } = manifest;
  spec.volumes = [{ name: 'logs', hostPath: { path: '/tmp/logs', type: 'DirectoryOrCreate' } }];
  spec.containers[0].volumeMounts = [{ name: 'logs', mountPath: '/var/log/web' }];
  spec.containers.push({ name: 'shipper', image: 'busybox', command: ['sh', '-c', 'tail -n +1 -F /logs/access.log'], volumeMounts: [{ name: 'logs', mountPath: '/logs', readOnly: true }] });
  cluster.file('web.yaml', JSON.stringify(manifest));
  await kubectl`apply -f web.yaml`;
});
