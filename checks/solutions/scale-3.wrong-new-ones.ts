// fails: HPA의 목표와 범위는 처음 그대로다
import { exercise } from 'kubook';

await exercise('scale-3', async ({ cluster, kubectl }) => {
  const { spec } = await kubectl.json`get deployment metrics-server -n kube-system`;
  if (spec.replicas === 0) await kubectl`scale deployment metrics-server -n kube-system --replicas=1`;
  if (!spec.template.spec.containers[0].args.includes('--kubelet-insecure-tls')) {
    const add = { op: 'add', path: '/spec/template/spec/containers/0/args/-', value: '--kubelet-insecure-tls' };
    await kubectl`patch deployment metrics-server -n kube-system --type=json -p ${JSON.stringify([add])}`;
  }
  for (const app of ['cart', 'home', 'pay']) {
    await kubectl`set resources deployment ${app} --requests=cpu=100m`;
    await kubectl`delete hpa ${app}`;
    await kubectl`autoscale deployment ${app} --min=1 --max=3 --cpu-percent=80`;
  }
  cluster.advance('1m');
});
