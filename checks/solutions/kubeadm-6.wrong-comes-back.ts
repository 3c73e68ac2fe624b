// fails: 유닛은 멈추었고, 부팅해도 다시 뜨지 않는다
import { exercise, type Machines } from 'kubook';

await exercise('kubeadm-6', async ({ lab }: { lab: Machines }) => {
  const { sh } = lab.machine('m-k8s');
  await sh`systemctl stop kube-scheduler`;
  await sh`mv /root/kube-scheduler.yaml /etc/kubernetes/manifests/`;
});
