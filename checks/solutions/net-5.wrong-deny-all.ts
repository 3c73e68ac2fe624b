// fails: prod 안에서는 web에 닿는다
import { exercise } from 'kubook';

// Shuts everything in prod.
await exercise('net-5', async ({ cluster, kubectl }) => {
  cluster.file('policies.yaml', `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: from-prod, namespace: prod }
spec:
  podSelector:
    matchExpressions: [{ key: app, operator: NotIn, values: [db] }]
  ingress:
  - from: [{ podSelector: { matchLabels: { role: frontend } } }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: db-from-frontend, namespace: prod }
spec:
  podSelector: { matchLabels: { app: db } }
  ingress:
  - from: [{ podSelector: { matchLabels: { role: frontend } } }]
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
