// fails: hard: 남의 파드는 피하지 않는다
import { exercise } from 'kubook';

await exercise('sched-4', (app: string) => {
  const term = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app } } };
  return {
    hard: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ ...term, labelSelector: {} }] } },
    soft: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: term }] } },
  };
});
