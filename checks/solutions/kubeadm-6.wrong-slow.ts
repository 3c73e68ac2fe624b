// fails: 스케줄러가 없던 시간이 5초를 넘지 않는다
import { exercise, type Machines } from 'kubook';

await exercise('kubeadm-6', async ({ lab }: { lab: Machines }) => {
  const { sh } = lab.machine('m-k8s');
  await sh`systemctl disable --now kube-scheduler`;
  lab.advance('30s');
  await sh`mv /root/kube-scheduler.yaml /etc/kubernetes/manifests/`;
});
