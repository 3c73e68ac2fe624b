// fails: 노드가 언제 Unknown이 되는지 맞힌다
import { exercise } from 'kubook';

await exercise('controllers-6', (
  version: 'v1.20' | 'v1.33',
  since: number,
  tolerationSeconds?: number,
) => {
  const unknown = 20 + 10 * Number(version === 'v1.20') - since;
  return { unknown, evicted: unknown + 5 + (tolerationSeconds ?? 300) };
});
