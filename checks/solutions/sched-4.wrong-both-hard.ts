// fails: soft: 넷이 모두 돌고, 되도록 흩어져 있다
import { exercise } from 'kubook';

await exercise('sched-4', (app: string) => {
  const term = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app } } };
  return {
    hard: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } },
    soft: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } },
  };
});
