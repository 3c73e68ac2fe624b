// fails: HPA의 시간과 CPU를 센다
import { exercise } from 'kubook';

await exercise('scale-6', (trial: {
  work: number;
  limit: number;
  replicas: number[];
  resizes: { at: number; limit: number }[];
  mode: 'Recreate' | 'InPlaceOrRecreate';
}) => {
  const seconds = trial.work / trial.limit / trial.replicas.length;
  const hpa = { seconds, cpu: trial.work };
  const vpa = { seconds: trial.work / trial.resizes[0].limit, cpu: trial.work, restarts: 0 };
  return { hpa, vpa, better: hpa.seconds < vpa.seconds ? 'HPA' : 'VPA' };
});
