import { exercise } from 'kubook';

await exercise('scale-5', {
  share: (threads: number, asleep: number) => 1 - asleep / threads,
  threads: 19,
  barrier: { barrier: 15, slice: 1.5 },
  lock: { lock: 0.03, slice: 25 },
});
