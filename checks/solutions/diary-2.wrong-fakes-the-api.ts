// fails: 답하는 것은 metrics-server다
import { exercise } from 'kubook';

await exercise('diary-2', async ({ cluster, kubectl }) => {
  await kubectl`delete apiservice v1beta1.metrics.k8s.io`;
  cluster.file('crd.yaml', `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: nodes.metrics.k8s.io
  annotations:
    api-approved.kubernetes.io: https://example.com/unapproved
spec:
  group: metrics.k8s.io
  names: { kind: NodeMetrics, plural: nodes, singular: node }
  scope: Cluster
  versions:
  - name: v1beta1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        x-kubernetes-preserve-unknown-fields: true
`);
  await kubectl`apply -f crd.yaml`;
  cluster.advance('10s');
  const rows = ['control-plane', 'worker-1'].map((name) => ({
    apiVersion: 'metrics.k8s.io/v1beta1',
    kind: 'NodeMetrics',
    metadata: { name },
    timestamp: cluster.now,
    window: '15s',
    usage: { cpu: '135m', memory: '980Mi' },
  }));
  cluster.file('rows.yaml', rows.map((row) => JSON.stringify(row)).join('\n---\n'));
  await kubectl`apply -f rows.yaml`;
});
