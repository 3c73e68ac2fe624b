// fails: 대역 가운데의 주소로 적혀 있어도 안다
import { exercise } from 'kubook';

// Takes the written address for the first one.
const rangeOf = (cidr: string) => {
  const [ip, bits] = cidr.split('/');
  const first = ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return { first, last: first + 2 ** (32 - Number(bits)) - 1 };
};
const overlaps = (a: string, b: string) => {
  const [one, other] = [rangeOf(a), rangeOf(b)];
  return one.first <= other.last && other.first <= one.last;
};

await exercise('net-2', { overlaps, plan: () => ({ pods: '10.200.0.0/16', services: '10.201.0.0/16' }) });
