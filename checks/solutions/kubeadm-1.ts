import { exercise, type Machines } from 'kubook';

await exercise('kubeadm-1', async ({ lab }: { lab: Machines }) => {
  const master = lab.machine('m-k8s').sh;
  await master`kubeadm init --pod-network-cidr=10.244.0.0/16`;
  const join = master.text`kubeadm token create --print-join-command`.trim();
  lab.advance('5s');
  for (const name of ['w1-k8s', 'w2-k8s', 'w3-k8s']) await lab.machine(name).sh`${join}`;
  await master`kubectl --kubeconfig /etc/kubernetes/admin.conf apply -f https://raw.githubusercontent.com/coreos/flannel/master/Documentation/kube-flannel.yml`;
  lab.advance('60s');
});
