import { exercise } from 'kubook';

await exercise('kubeadm-5', {
  serviceRange: '/etc/kubernetes/manifests/kube-apiserver.yaml',
  kubeletFlags: '/var/lib/kubelet/kubeadm-flags.env',
  cgroupDriver: '/var/lib/kubelet/config.yaml',
  authorityKey: '/etc/kubernetes/pki/ca.key',
  administrator: '/etc/kubernetes/admin.conf',
});
