// fails: API 서버에게 서비스의 대역을 알려 주는 파일
import { exercise } from 'kubook';

await exercise('kubeadm-5', {
  serviceRange: '/etc/kubernetes/manifests/kube-controller-manager.yaml',
  kubeletFlags: '/var/lib/kubelet/kubeadm-flags.env',
  cgroupDriver: '/var/lib/kubelet/config.yaml',
  authorityKey: '/etc/kubernetes/pki/ca.key',
  administrator: '/etc/kubernetes/admin.conf',
});
