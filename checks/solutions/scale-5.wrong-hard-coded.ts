// fails: 아무도 기다리지 않을 때의 효율을 식으로 쓴다
import { exercise } from 'kubook';

await exercise('scale-5', {
  share: () => 0.89,
  threads: 18,
  barrier: { barrier: 18, slice: 3 / 7 },
  lock: { lock: 0.03, slice: 20 },
});
