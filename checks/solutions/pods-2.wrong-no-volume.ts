// fails: emptyDir 하나를 함께 쓴다
import { exercise } from 'kubook';

await exercise('pods-2', async ({ cluster, kubectl }) => {
  const manifest = JSON.parse(cluster.files.get('web.yaml') ?? '');
  const { spec } = manifest;
  spec.containers.push({ name: 'shipper', image: 'busybox', command: ['sh', '-c', 'tail -n +1 -F /var/log/web/access.log'] });
  cluster.file('web.yaml', JSON.stringify(manifest));
  await kubectl`apply -f web.yaml`;
});
