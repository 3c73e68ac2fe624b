// fails: v1.25부터의 kubelet은 셋까지 낡아도 된다
import { exercise } from 'kubook';

await exercise('kubeadm-3', (apiServer: string, kubelet: string) => {
  const minor = (version: string) => Number(version.split('.')[1]);
  const older = minor(apiServer) - minor(kubelet);
  return older >= 0 && older <= 2;
});
