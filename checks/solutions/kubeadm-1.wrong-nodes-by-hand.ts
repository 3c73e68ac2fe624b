// fails: 네 노드가 모두 Ready다
import { exercise, type Machines } from 'kubook';

await exercise('kubeadm-1', async ({ lab }: { lab: Machines }) => {
  await lab.machine('m-k8s').sh`kubeadm init --pod-network-cidr=10.244.0.0/16`;
  for (const name of ['w1-k8s', 'w2-k8s', 'w3-k8s']) lab.cluster.client.create({ apiVersion: 'v1', kind: 'Node', metadata: { name } });
  lab.advance('60s');
});
