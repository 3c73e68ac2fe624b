// fails: 겹치는지 안다
import { exercise } from 'kubook';

const rangeOf = (cidr: string) => {
  const [ip, bits] = cidr.split('/');
  const count = 2 ** (32 - Number(bits));
  const number = ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const first = Math.floor(number / count) * count;
  return { first, last: first + count - 1 };
};

// Asks only whether the first contains the second.
await exercise('net-2', {
  overlaps: (a: string, b: string) => rangeOf(a).first <= rangeOf(b).first && rangeOf(b).last <= rangeOf(a).last,
  plan: () => ({ pods: '10.200.0.0/16', services: '10.201.0.0/16' }),
});
