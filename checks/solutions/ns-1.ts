import { exercise } from 'kubook';

await exercise('ns-1', async ({ cluster, kubectl }) => {
  const { user, namespace } = JSON.parse(cluster.files.get('people.txt') ?? '');
  const verbs = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'];
  cluster.file('role.yaml', JSON.stringify({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'developer', namespace },
    rules: [
      { apiGroups: [''], resources: ['pods', 'services'], verbs },
      { apiGroups: ['apps'], resources: ['deployments'], verbs },
      { apiGroups: [''], resources: ['pods/log'], verbs: ['get'] },
    ],
  }));
  await kubectl`apply -f role.yaml`;
  await kubectl`create rolebinding ${user} --role=developer --user=${user} -n ${namespace}`;
});
