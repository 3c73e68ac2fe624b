// fails: 여덟 번 안에 고쳤다
import { exercise } from 'kubook';

await exercise('diary-2', async ({ cluster, kubectl }) => {
  const manifest = 'https://github.com/kubernetes-sigs/metrics-server/releases/latest/download/components.yaml';
  const flag = { op: 'add', path: '/spec/template/spec/containers/0/args/-', value: '--kubelet-insecure-tls' };
  await kubectl`delete -f ${manifest}`;
  await kubectl`apply -f ${manifest}`;
  await kubectl`patch deployment metrics-server -n kube-system --type=json -p ${JSON.stringify([flag])}`;
  await kubectl`taint node worker-1 maintenance-`;
  const { sh } = cluster.machine('worker-1');
  await sh`iptables -I INPUT -p tcp --dport 10250 -j ACCEPT`;
  await sh`rm -f /var/lib/kubelet/config.yaml && systemctl restart kubelet`;
  cluster.advance('1m');
});
