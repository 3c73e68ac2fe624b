// fails: 대역 밖의 주소는 null이다
import { exercise } from 'kubook';

await exercise('kubeadm-4', (cluster: string, mask: number, ip: string) => {
  const toNumber = (text: string) => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const toText = (n: number) => [24, 16, 8, 0].map((shift) => Math.floor(n / 2 ** shift) % 256).join('.');
  const addresses = 2 ** (32 - mask);
  const address = toNumber(ip);
  return {
    nodes: 2 ** (mask - Number(cluster.split('/')[1])),
    addresses,
    range: `${toText(address - (address % addresses))}/${mask}`,
  };
});
