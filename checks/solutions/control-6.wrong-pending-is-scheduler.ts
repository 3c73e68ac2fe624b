// fails: kube-scheduler와 kubelet을 알아본다
import { exercise } from 'kubook';

await exercise('control-6', async ({ cluster, kubectl }) => {
  const nodes = await kubectl.text`get nodes`;
  if (nodes.includes('refused')) return 'kube-apiserver';
  if (nodes.includes('Timeout')) return 'etcd';
  if (nodes.includes('NotReady')) return 'kubelet';

  await kubectl.text`create deployment probe --image=nginx`;
  cluster.advance('30s');
  const pods = await kubectl.text`get pods -l app=probe -o wide --no-headers`;
  if (!pods.includes('probe')) return 'kube-controller-manager';
  if (pods.includes('Running')) return 'none';
  return 'kube-scheduler';
});
