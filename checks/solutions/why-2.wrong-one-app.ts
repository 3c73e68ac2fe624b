// fails: 모자라면 그만큼 만든다
import { exercise } from 'kubook';

await exercise('why-2', (desired: Record<string, number>, actual: { name: string; app: string }[]) => {
  const missing = desired.web - actual.length;
  return Array.from({ length: Math.max(0, missing) }, () => ({ create: 'web' }));
});
