// fails: 레플리카셋이 낳은 파드의 차례가 맞다
import { exercise } from 'kubook';

await exercise('birth-1', (steps: { id: number; who: string; what: string; pod?: string; container?: string }[]) => {
  return [...steps].sort((a, b) => a.id - b.id);
});
