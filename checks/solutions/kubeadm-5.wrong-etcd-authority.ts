// fails: 클러스터의 인증 기관이 서명할 때 쓰는 열쇠
import { exercise } from 'kubook';

await exercise('kubeadm-5', {
  serviceRange: '/etc/kubernetes/manifests/kube-apiserver.yaml',
  kubeletFlags: '/var/lib/kubelet/kubeadm-flags.env',
  cgroupDriver: '/var/lib/kubelet/config.yaml',
  authorityKey: '/etc/kubernetes/pki/etcd/ca.key',
  administrator: '/etc/kubernetes/admin.conf',
});
