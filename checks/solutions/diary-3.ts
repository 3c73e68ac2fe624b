import { exercise } from 'kubook';

await exercise('diary-3', async ({ cluster, kubectl }) => {
  const [{ key, effect }] = (await kubectl.json`get node control-plane`).spec.taints;
  const spec = { tolerations: [{ key, operator: 'Exists', effect }] };
  await kubectl`patch deployment meter -p ${JSON.stringify({ spec: { template: { spec } } })}`;
  const [old] = (await kubectl.json`get node edge-1`).spec.taints;
  await kubectl`taint node edge-1 ${old.key}-`;
  await cluster.machine('worker-1').sh`systemctl start kubelet`;
  cluster.advance('1m');
  await kubectl`get pods -o wide`;
});
