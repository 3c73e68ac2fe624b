import { exercise } from 'kubook';

await exercise('controllers-6', (
  version: 'v1.20' | 'v1.33',
  since: number,
  tolerationSeconds?: number,
) => {
  const unknown = (version === 'v1.20' ? 40 : 50) - since;
  return { unknown, evicted: unknown + 5 + (tolerationSeconds ?? 300) };
});
