// fails: 다른 크기로도 나눈다
import { exercise } from 'kubook';

await exercise('kubeadm-4', (cluster: string, mask: number, ip: string) => {
  const [a, b, c] = ip.split('.');
  return { nodes: 256, addresses: 256, range: ip.startsWith('10.244.') ? `${a}.${b}.${c}.0/24` : null };
});
