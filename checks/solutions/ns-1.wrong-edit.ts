// fails: 시크릿은 볼 수 없다
import { exercise } from 'kubook';

await exercise('ns-1', async ({ cluster, kubectl }) => {
  const { user, namespace } = JSON.parse(cluster.files.get('people.txt') ?? '');
  await kubectl`create rolebinding ${user} --clusterrole=edit --user=${user} -n ${namespace}`;
});
