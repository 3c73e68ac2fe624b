// fails: 주소가 겹치지 않는다
import { exercise } from 'kubook';

// Puts an address back with every DEL, also with the second one.
await exercise('net-3', ({ podCIDR }: { node: string; podCIDR: string }) => {
  const [network, bits] = podCIDR.split('/');
  const first = network.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const text = (n: number) => [24, 16, 8, 0].map((shift) => Math.floor(n / 2 ** shift) % 256).join('.');
  const free = Array.from({ length: 2 ** (32 - Number(bits)) - 3 }, (_, i) => first + 2 + i);
  const last = new Map<string, number>();
  return {
    add({ containerID }: { containerID: string }) {
      const n = free.shift();
      if (n === undefined) throw new Error('full');
      last.set(containerID, n);
      return text(n);
    },
    del({ containerID }: { containerID: string }) {
      const n = last.get(containerID);
      if (n !== undefined) free.push(n);
    },
  };
});
