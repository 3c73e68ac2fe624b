// fails: 조금씩 한가해지면 계단으로 내려간다
import { exercise } from 'kubook';

await exercise('scale-2', (window: number, recommendations: { at: number; replicas: number }[]) => {
  const changes: { at: number; replicas: number }[] = [];
  const high = recommendations[0].replicas;
  const last = recommendations.filter(({ replicas }) => replicas === high).at(-1)!;
  const end = recommendations.find(({ at }) => at > last.at + window)!;
  changes.push({ at: end.at, replicas: end.replicas });
  return changes;
});
