// fails: 스케줄러가 정적 파드로 돈다
import { exercise, type Machines } from 'kubook';

await exercise('kubeadm-6', async ({ lab }: { lab: Machines }) => {
  const { sh } = lab.machine('m-k8s');
  await sh`systemctl disable --now kube-scheduler`;
  await sh`kubectl apply -f /root/kube-scheduler.yaml`;
});
