// fails: 겹치는지 안다
import { exercise } from 'kubook';

// Compares only the words in front of the shorter prefix, in whole octets.
const overlaps = (a: string, b: string) => {
  const [[one, first], [other, second]] = [a.split('/'), b.split('/')];
  const octets = Math.floor(Math.min(Number(first), Number(second)) / 8);
  return one.split('.').slice(0, octets).join('.') === other.split('.').slice(0, octets).join('.');
};

await exercise('net-2', { overlaps, plan: () => ({ pods: '10.200.0.0/16', services: '10.201.0.0/16' }) });
