// fails: 다른 크기로도 나눈다
import { exercise } from 'kubook';

await exercise('kubeadm-4', (cluster: string, mask: number, ip: string) => {
  const bits = Number(cluster.split('/')[1]);
  const kept = Math.floor(mask / 8);
  const parts = ip.split('.').map((part, i) => (i < kept ? part : '0'));
  return { nodes: 2 ** (mask - bits), addresses: 2 ** (32 - mask), range: `${parts.join('.')}/${mask}` };
});
