import { exercise } from 'kubook';

await exercise('scale-3', async ({ cluster, kubectl }) => {
  const args = '/spec/template/spec/containers/0/args';
  const { spec } = await kubectl.json`get deployment metrics-server -n kube-system`;
  if (spec.replicas === 0) await kubectl`scale deployment metrics-server -n kube-system --replicas=1`;
  if (!spec.template.spec.containers[0].args.includes('--kubelet-insecure-tls')) {
    const patch = JSON.stringify([{ op: 'add', path: `${args}/-`, value: '--kubelet-insecure-tls' }]);
    await kubectl`patch deployment metrics-server -n kube-system --type=json -p ${patch}`;
  }
  for (const app of ['cart', 'home', 'pay']) {
    const deployment = await kubectl.json`get deployment ${app}`;
    if (!deployment.spec.template.spec.containers[0].resources?.requests) {
      await kubectl`set resources deployment ${app} --requests=cpu=100m`;
    }
    const hpa = await kubectl.json`get hpa ${app}`;
    if (hpa.spec.scaleTargetRef.name !== app) {
      await kubectl`patch hpa ${app} -p ${JSON.stringify({ spec: { scaleTargetRef: { name: app } } })}`;
    }
  }
  cluster.advance('1m');
});
