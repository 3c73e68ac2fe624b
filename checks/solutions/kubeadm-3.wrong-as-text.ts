// fails: v1.25 전의 kubelet은 둘까지 낡아도 된다
import { exercise } from 'kubook';

await exercise('kubeadm-3', (apiServer: string, kubelet: string) => {
  const minor = (version: string) => Number(version.split('.')[1]);
  if (kubelet.split('.')[1]! > apiServer.split('.')[1]!) return false;
  return minor(apiServer) - minor(kubelet) <= (minor(kubelet) < 25 ? 2 : 3);
});
