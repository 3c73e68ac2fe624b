// fails: 다른 네임스페이스와 노드에는 손댈 수 없다
import { exercise } from 'kubook';

await exercise('ns-1', async ({ cluster, kubectl }) => {
  const { user, namespace } = JSON.parse(cluster.files.get('people.txt') ?? '');
  const verbs = 'get,list,watch,create,update,patch,delete';
  await kubectl`get pods -n ${namespace}`;
  await kubectl`create clusterrole developer --verb=${verbs} --resource=pods,services,deployments.apps,pods/log`;
  await kubectl`create clusterrolebinding ${user} --clusterrole=developer --user=${user}`;
});
