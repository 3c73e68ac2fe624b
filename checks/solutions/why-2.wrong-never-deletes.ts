// fails: 남으면 남는 만큼만 지운다
import { exercise } from 'kubook';

await exercise('why-2', (desired: Record<string, number>, actual: { name: string; app: string }[]) =>
  Object.keys(desired).flatMap((app) => {
    const missing = desired[app] - actual.filter((pod) => pod.app === app).length;
    return Array.from({ length: Math.max(0, missing) }, () => ({ create: app }));
  }),
);
