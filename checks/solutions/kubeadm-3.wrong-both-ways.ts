// fails: kubelet이 더 새것이면 안 된다
import { exercise } from 'kubook';

await exercise('kubeadm-3', (apiServer: string, kubelet: string) => {
  const minor = (version: string) => Number(version.split('.')[1]);
  return Math.abs(minor(apiServer) - minor(kubelet)) <= (minor(kubelet) < 25 ? 2 : 3);
});
