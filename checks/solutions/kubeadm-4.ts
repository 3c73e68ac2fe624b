import { exercise } from 'kubook';

await exercise('kubeadm-4', (cluster: string, mask: number, ip: string) => {
  const toNumber = (text: string) => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const toText = (n: number) => [24, 16, 8, 0].map((shift) => Math.floor(n / 2 ** shift) % 256).join('.');
  const [base, bits] = cluster.split('/');
  const addresses = 2 ** (32 - mask);
  const [first, address] = [toNumber(base!), toNumber(ip)];
  const inside = address >= first && address < first + 2 ** (32 - Number(bits));
  return {
    nodes: 2 ** (mask - Number(bits)),
    addresses,
    range: inside ? `${toText(address - (address % addresses))}/${mask}` : null,
  };
});
