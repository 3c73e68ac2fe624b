// fails: 노트의 6이 언제 줄어드는지 맞힌다
import { exercise } from 'kubook';

await exercise('scale-2', (window: number, recommendations: { at: number; replicas: number }[]) => {
  const changes: { at: number; replicas: number }[] = [];
  let now = recommendations[0].replicas;
  for (const { at, replicas } of recommendations) {
    if (replicas < now) changes.push({ at, replicas });
    now = replicas;
  }
  return changes;
});
