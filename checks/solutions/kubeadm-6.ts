import { exercise, type Machines } from 'kubook';

await exercise('kubeadm-6', async ({ lab }: { lab: Machines }) => {
  const { sh } = lab.machine('m-k8s');
  await sh`systemctl disable --now kube-scheduler`;
  await sh`mv /root/kube-scheduler.yaml /etc/kubernetes/manifests/`;
});
