// fails: 다른 사람에게는 아무것도 주지 않았다
import { exercise } from 'kubook';

await exercise('ns-1', async ({ cluster, kubectl }) => {
  const { user, namespace } = JSON.parse(cluster.files.get('people.txt') ?? '');
  const verbs = 'get,list,watch,create,update,patch,delete';
  await kubectl`create role developer --verb=${verbs} --resource=pods,services,deployments.apps,pods/log -n ${namespace}`;
  await kubectl`create rolebinding ${user} --role=developer --group=system:authenticated -n ${namespace}`;
});
