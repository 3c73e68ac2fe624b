// fails: 줄 수 있는 주소만 준다
import { exercise } from 'kubook';

// Gives away the address of the bridge.
await exercise('net-3', ({ podCIDR }: { node: string; podCIDR: string }) => {
  const [network, bits] = podCIDR.split('/');
  const first = network.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const last = first + 2 ** (32 - Number(bits)) - 1;
  const text = (n: number) => [24, 16, 8, 0].map((shift) => Math.floor(n / 2 ** shift) % 256).join('.');
  const held = new Map<string, number>(); // containerID → 주소
  return {
    add({ containerID }: { containerID: string }) {
      const used = new Set(held.values());
      for (let n = first + 1; n < last; n++) {
        if (used.has(n)) continue;
        held.set(containerID, n);
        return text(n);
      }
      throw new Error(`no free address in ${podCIDR}`);
    },
    del({ containerID }: { containerID: string }) {
      held.delete(containerID);
    },
  };
});
