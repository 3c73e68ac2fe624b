import { exercise } from 'kubook';

await exercise('sched-4', (app: string) => {
  const term = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app } } };
  return {
    hard: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } },
    soft: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: term }] } },
  };
});
