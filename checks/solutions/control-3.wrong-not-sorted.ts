// fails: 접두사가 같은 키만 차례로 준다
import { exercise } from 'kubook';

await exercise('control-3', (keys: string[], prefix: string, { limit, next }: { limit: number; next: string }) => {
  const found = keys.filter((key) => key.startsWith(prefix) && key >= next);
  if (limit === 0 || found.length <= limit) return { keys: found, next: '' };
  return { keys: found.slice(0, limit), next: found[limit] };
});
