// fails: 나중에 온 파드에도 들어맞는다
import { exercise } from 'kubook';

// Knows the pods by their addresses.
await exercise('net-5', async ({ cluster, kubectl }) => {
  const { items } = await kubectl.json`get pods -A`;
  const ip = (namespace: string, name: string) =>
    items.find(({ metadata }: any) => metadata.namespace === namespace && metadata.name === name).status.podIP;
  const from = (...names: string[]) => names.map((name) => `{ ipBlock: { cidr: ${ip('prod', name)}/32 } }`).join(', ');
  cluster.file('policies.yaml', `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: from-prod, namespace: prod }
spec:
  podSelector:
    matchExpressions: [{ key: app, operator: NotIn, values: [db] }]
  ingress:
  - from: [${from('front', 'batch', 'web', 'db')}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: db-from-frontend, namespace: prod }
spec:
  podSelector: { matchLabels: { app: db } }
  ingress:
  - from: [${from('front')}]
`);
  await kubectl`apply -f policies.yaml`;
  const { data } = await kubectl.json`get configmap connections`;
  const calico = data.list.split('\n').filter((line: string) => {
    const [from, to] = line.split(' → ');
    if (!to.startsWith('prod/')) return false;
    return from.startsWith('dev/') || (to === 'prod/db' && from !== 'prod/front');
  });
  return { calico, flannel: [] };
});
