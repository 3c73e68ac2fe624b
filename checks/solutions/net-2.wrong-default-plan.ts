// fails: 아무것과도 겹치지 않는 계획을 세운다
import { exercise } from 'kubook';

const rangeOf = (cidr: string) => {
  const [ip, bits] = cidr.split('/');
  const count = 2 ** (32 - Number(bits));
  const number = ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const first = Math.floor(number / count) * count;
  return { first, last: first + count - 1 };
};

// Proposes what everybody proposes.
await exercise('net-2', {
  overlaps: (a: string, b: string) => {
    const [one, other] = [rangeOf(a), rangeOf(b)];
    return one.first <= other.last && other.first <= one.last;
  },
  plan: () => ({ pods: '10.244.0.0/16', services: '10.96.0.0/12' }),
});
