// fails: 세 HPA의 TARGETS가 모두 숫자다
import { exercise } from 'kubook';

await exercise('scale-3', async ({ cluster, kubectl }) => {
  const { spec } = await kubectl.json`get deployment metrics-server -n kube-system`;
  if (spec.replicas === 0) await kubectl`scale deployment metrics-server -n kube-system --replicas=1`;
  if (!spec.template.spec.containers[0].args.includes('--kubelet-insecure-tls')) {
    const add = { op: 'add', path: '/spec/template/spec/containers/0/args/-', value: '--kubelet-insecure-tls' };
    await kubectl`patch deployment metrics-server -n kube-system --type=json -p ${JSON.stringify([add])}`;
  }
  cluster.advance('3m');
  for (const { metadata, status } of (await kubectl.json`get hpa`).items) {
    if (!status.currentMetrics?.[0]) await kubectl`delete hpa ${metadata.name}`;
  }
});
