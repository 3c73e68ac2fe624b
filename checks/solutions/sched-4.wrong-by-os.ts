// fails: hard: 셋은 서로 다른 노드에 있고 넷째는 기다린다
import { exercise } from 'kubook';

await exercise('sched-4', (app: string) => {
  const term = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app } } };
  return {
    hard: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ ...term, topologyKey: 'kubernetes.io/os' }] } },
    soft: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: term }] } },
  };
});
