// fails: web을 위해 낡은 테인트를 뗐다
import { exercise } from 'kubook';

await exercise('diary-3', async ({ cluster, kubectl }) => {
  const [{ key, effect }] = (await kubectl.json`get node control-plane`).spec.taints;
  const spec = { tolerations: [{ key, operator: 'Exists', effect }] };
  await kubectl`patch deployment meter -p ${JSON.stringify({ spec: { template: { spec } } })}`;
  for (const app of ['web', 'batch']) {
    const everything = { template: { spec: { tolerations: [{ operator: 'Exists' }] } } };
    await kubectl`patch deployment ${app} -p ${JSON.stringify({ spec: everything })}`;
  }
  await cluster.machine('worker-1').sh`systemctl start kubelet`;
  cluster.advance('1m');
  await kubectl`get pods -o wide`;
});
