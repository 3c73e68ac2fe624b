// fails: 어느 노드도 넘치지 않는다
import { exercise } from 'kubook';

await exercise('why-7', () => ({
  c01: 'node-a', c02: 'node-a', c03: 'node-a', c04: 'node-a', c05: 'node-b', c06: 'node-b',
  c07: 'node-b', c08: 'node-b', c09: 'node-c', c10: 'node-c', c11: 'node-c', c12: 'node-c',
}));
