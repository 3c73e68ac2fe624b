// fails: 쪽을 이어 붙이면 전체가 된다
import { exercise } from 'kubook';

// Looks for the very key at which the last page ended.
await exercise('control-3', (keys: string[], prefix: string, { limit, next }: { limit: number; next: string }) => {
  const found = keys.filter((key) => key.startsWith(prefix)).sort();
  const from = next ? found.indexOf(next) : 0;
  const page = found.slice(from, limit === 0 ? undefined : from + limit);
  return { keys: page, next: found[from + page.length] ?? '' };
});
