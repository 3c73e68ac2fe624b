import { exercise } from 'kubook';

await exercise('pods-2', async ({ cluster, kubectl }) => {
  const manifest = JSON.parse(cluster.files.get('web.yaml') ?? '');
  const { spec } = manifest;
  spec.volumes = [{ name: 'logs', emptyDir: { medium: 'Memory' } }];
  spec.containers[0].volumeMounts = [{ name: 'logs', mountPath: '/var/log/web' }];
  spec.initContainers = [{ name: 'shipper', image: 'busybox', restartPolicy: 'Always', command: ['sh', '-c', 'tail -n +1 -F /logs/access.log'], volumeMounts: [{ name: 'logs', mountPath: '/logs', readOnly: true }] }];
  cluster.file('web.yaml', JSON.stringify(manifest));
  await kubectl`apply -f web.yaml`;
});
