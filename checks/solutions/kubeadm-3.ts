import { exercise } from 'kubook';

await exercise('kubeadm-3', (apiServer: string, kubelet: string) => {
  const minor = (version: string) => Number(version.split('.')[1]);
  const older = minor(apiServer) - minor(kubelet);
  return older >= 0 && older <= (minor(kubelet) < 25 ? 2 : 3);
});
