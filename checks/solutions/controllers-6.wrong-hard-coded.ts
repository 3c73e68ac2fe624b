// fails: 파드가 언제 쫓겨나는지 맞힌다
import { exercise } from 'kubook';

await exercise('controllers-6', (
  version: 'v1.20' | 'v1.33',
  since: number,
  tolerationSeconds?: number,
) => {
  const unknown = (version === 'v1.20' ? 40 : 50) - since;
  return { unknown, evicted: 355 - since };
});
