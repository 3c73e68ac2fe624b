// fails: 제 네임스페이스에서 일할 수 있다
import { exercise } from 'kubook';

await exercise('ns-1', async ({ cluster, kubectl }) => {
  const { user, namespace } = JSON.parse(cluster.files.get('people.txt') ?? '');
  const verbs = 'get,list,watch,create,update,patch,delete';
  await kubectl`get namespace ${namespace}`;
  await kubectl`create role developer --verb=${verbs} --resource=pods,services,deployments.apps,pods/log -n dev`;
  await kubectl`create rolebinding ${user} --role=developer --user=${user} -n dev`;
});
