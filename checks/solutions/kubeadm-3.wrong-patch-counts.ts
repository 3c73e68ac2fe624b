// fails: 패치 버전은 따지지 않는다
import { exercise } from 'kubook';

await exercise('kubeadm-3', (apiServer: string, kubelet: string) => {
  const [, minor = 0, patch = 0] = apiServer.split('.').map(Number);
  const [, other = 0, own = 0] = kubelet.split('.').map(Number);
  const older = minor - other;
  if (older === 0) return own <= patch;
  return older > 0 && older <= (other < 25 ? 2 : 3);
});
