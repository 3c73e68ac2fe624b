// fails: HPA의 시간과 CPU를 센다
import { exercise } from 'kubook';

await exercise('scale-6', (trial: {
  work: number;
  limit: number;
  replicas: number[];
  resizes: { at: number; limit: number }[];
  mode: 'Recreate' | 'InPlaceOrRecreate';
}) => {
  const seconds = trial.work / trial.limit;
  const burnt = trial.replicas.map((start) => start === 0 ? trial.work : 0);
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
  const better = (hpa.seconds - vpa.seconds || hpa.cpu - vpa.cpu) > 0 ? 'VPA' : 'HPA';
  return { hpa, vpa, better };
});
