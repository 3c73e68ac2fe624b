// fails: limit만큼만 주고, 남았으면 다음 자리를 알려 준다
import { exercise } from 'kubook';

await exercise('control-3', (keys: string[], prefix: string, { limit, next }: { limit: number; next: string }) => {
  const found = keys.filter((key) => key.startsWith(prefix) && key > next).sort();
  if (limit === 0) return { keys: found, next: '' };
  const page = found.slice(0, limit);
  // A full page is taken for one that is followed by another.
  return { keys: page, next: page.length === limit ? page[limit - 1] : '' };
});
