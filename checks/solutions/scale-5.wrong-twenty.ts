// fails: 둘이 자서 0.89가 남는 스레드의 수를 찾는다
import { exercise } from 'kubook';

await exercise('scale-5', {
  share: (threads: number, asleep: number) => (threads - asleep) / threads,
  threads: 22,
  barrier: { barrier: 18, slice: 3 / 7 },
  lock: { lock: 0.03, slice: 20 },
});
