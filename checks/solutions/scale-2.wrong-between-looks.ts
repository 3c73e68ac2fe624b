// fails: 노트의 6이 언제 줄어드는지 맞힌다
import { exercise } from 'kubook';

await exercise('scale-2', (window: number, recommendations: { at: number; replicas: number }[]) => {
  const changes: { at: number; replicas: number }[] = [];
  const high = recommendations[0].replicas;
  const last = recommendations.filter(({ replicas }) => replicas === high).at(-1)!;
  changes.push({ at: last.at + window, replicas: 1 });
  return changes;
});
