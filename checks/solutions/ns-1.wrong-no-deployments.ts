// fails: 제 네임스페이스에서 일할 수 있다
import { exercise } from 'kubook';

await exercise('ns-1', async ({ cluster, kubectl }) => {
  const { user, namespace } = JSON.parse(cluster.files.get('people.txt') ?? '');
  await kubectl`create role developer --verb=get,list,watch,create,update,patch,delete --resource=pods,services -n ${namespace}`;
  await kubectl`create rolebinding ${user} --role=developer --user=${user} -n ${namespace}`;
});
