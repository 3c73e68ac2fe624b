// fails: 숫자가 말하는 쪽을 고른다
import { exercise } from 'kubook';

await exercise('scale-6', (trial: {
  work: number;
  limit: number;
  replicas: number[];
  resizes: { at: number; limit: number }[];
  mode: 'Recreate' | 'InPlaceOrRecreate';
}) => {
  const seconds = trial.work / trial.limit;
  const burnt = trial.replicas.map((start) => Math.max(0, seconds - start) * trial.limit);
  const hpa = { seconds, cpu: burnt.reduce((sum, one) => sum + one, 0) };
  const vpa = { seconds: 0, cpu: 0, restarts: 0 };
  let [left, speed] = [trial.work, trial.limit];
  for (const { at, limit } of trial.resizes) {
    if (vpa.seconds + left / speed <= at) break;
    const done = (at - vpa.seconds) * speed;
    vpa.cpu += done;
    vpa.seconds = at;
    left = trial.mode === 'Recreate' ? trial.work : left - done;
    if (trial.mode === 'Recreate') vpa.restarts++;
    speed = limit;
  }
  vpa.seconds += left / speed;
  vpa.cpu += left;
  const better = 'VPA';
  return { hpa, vpa, better };
});
