// fails: 장벽이 있으면 0.70이 남는 값을 찾는다
import { exercise } from 'kubook';

await exercise('scale-5', {
  share: (threads: number, asleep: number) => (threads - asleep) / threads,
  threads: 18,
  barrier: { barrier: 18, slice: 600 },
  lock: { lock: 0.03, slice: 20 },
});
