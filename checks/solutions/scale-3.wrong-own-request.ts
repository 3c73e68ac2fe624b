// fails: 앱은 100m을 요청하고, 하던 일을 한다
import { exercise } from 'kubook';

await exercise('scale-3', async ({ cluster, kubectl }) => {
  const { spec } = await kubectl.json`get deployment metrics-server -n kube-system`;
  if (spec.replicas === 0) await kubectl`scale deployment metrics-server -n kube-system --replicas=1`;
  if (!spec.template.spec.containers[0].args.includes('--kubelet-insecure-tls')) {
    const add = { op: 'add', path: '/spec/template/spec/containers/0/args/-', value: '--kubelet-insecure-tls' };
    await kubectl`patch deployment metrics-server -n kube-system --type=json -p ${JSON.stringify([add])}`;
  }
  for (const app of ['cart', 'home', 'pay']) {
    await kubectl`set resources deployment ${app} --requests=cpu=10m`;
    await kubectl`patch hpa ${app} -p ${JSON.stringify({ spec: { scaleTargetRef: { name: app } } })}`;
  }
  cluster.advance('1m');
});
