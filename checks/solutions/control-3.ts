import { exercise } from 'kubook';

await exercise('control-3', (keys: string[], prefix: string, { limit, next }: { limit: number; next: string }) => {
  const found = keys.filter((key) => key.startsWith(prefix) && key >= next).sort();
  if (limit === 0 || found.length <= limit) return { keys: found, next: '' };
  return { keys: found.slice(0, limit), next: found[limit] };
});
