// fails: 쪽을 이어 붙이면 전체가 된다
import { exercise } from 'kubook';

// Remembers how many were read instead of where it stood.
await exercise('control-3', (keys: string[], prefix: string, { limit, next }: { limit: number; next: string }) => {
  const from = Number(next || 0);
  const found = keys.filter((key) => key.startsWith(prefix)).sort();
  const end = limit === 0 ? found.length : from + limit;
  return { keys: found.slice(from, end), next: end < found.length ? String(end) : '' };
});
