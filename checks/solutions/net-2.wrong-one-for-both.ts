// fails: 아무것과도 겹치지 않는 계획을 세운다
import { exercise } from 'kubook';

const rangeOf = (cidr: string) => {
  const [ip, bits] = cidr.split('/');
  const count = 2 ** (32 - Number(bits));
  const number = ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const first = Math.floor(number / count) * count;
  return { first, last: first + count - 1 };
};
const overlaps = (a: string, b: string) => {
  const [one, other] = [rangeOf(a), rangeOf(b)];
  return one.first <= other.last && other.first <= one.last;
};

// Puts the services into the range of the pods.
await exercise('net-2', {
  overlaps,
  plan(lans: string[]) {
    const all = Array.from({ length: 256 }, (_, i) => `10.${i}.0.0/16`);
    const pods = [...all, '172.31.0.0/16'].find((one) => !lans.some((lan) => overlaps(one, lan)))!;
    return { pods, services: pods.replace('.0.0/16', '.255.0/24') };
  },
});
