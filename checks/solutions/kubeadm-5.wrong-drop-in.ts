// fails: kubeadm이 kubelet에게 줄 플래그를 적어 둔 파일
import { exercise } from 'kubook';

await exercise('kubeadm-5', {
  serviceRange: '/etc/kubernetes/manifests/kube-apiserver.yaml',
  kubeletFlags: '/etc/systemd/system/kubelet.service.d/10-kubeadm.conf',
  cgroupDriver: '/var/lib/kubelet/config.yaml',
  authorityKey: '/etc/kubernetes/pki/ca.key',
  administrator: '/etc/kubernetes/admin.conf',
});
