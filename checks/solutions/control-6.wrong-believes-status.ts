// fails: kube-controller-manager를 알아본다
import { exercise } from 'kubook';

await exercise('control-6', async ({ cluster, kubectl }) => {
  const nodes = await kubectl.text`get nodes`;
  if (nodes.includes('refused')) return 'kube-apiserver';
  if (nodes.includes('Timeout')) return 'etcd';
  if (nodes.includes('NotReady')) return 'kubelet';

  const pods = await kubectl.text`get pods -l app=web -o wide --no-headers`;
  const ready = await kubectl.text`get deployment web`;
  if (!ready.includes('2/2')) return 'kube-controller-manager';
  if (pods.includes('Running')) return 'none';
  return pods.includes('worker-1') ? 'kubelet' : 'kube-scheduler';
});
