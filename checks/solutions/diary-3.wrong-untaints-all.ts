// fails: meter는 컨트롤 플레인의 테인트를 용인한다
import { exercise } from 'kubook';

await exercise('diary-3', async ({ cluster, kubectl }) => {
  await kubectl`taint node control-plane node-role.kubernetes.io/control-plane-`;
  const [old] = (await kubectl.json`get node edge-1`).spec.taints;
  await kubectl`taint node edge-1 ${old.key}-`;
  await cluster.machine('worker-1').sh`systemctl start kubelet`;
  cluster.advance('1m');
  await kubectl`get pods -o wide`;
});
