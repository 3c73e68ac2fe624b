// fails: 도중에 다시 바빠지면 거기서부터 다시 센다
import { exercise } from 'kubook';

await exercise('scale-2', (window: number, recommendations: { at: number; replicas: number }[]) => {
  const changes: { at: number; replicas: number }[] = [];
  const high = recommendations[0].replicas;
  const calm = recommendations.find(({ replicas }) => replicas < high)!;
  const end = recommendations.find(({ at }) => at >= calm.at + window)!;
  changes.push({ at: end.at, replicas: end.replicas });
  return changes;
});
