// fails: 사건을 잃거나 두 번 들어도 수렴한다
import { exercise } from 'kubook';

// Counts what it has made itself instead of looking.
const made = new Map<string, number>();
await exercise('why-2', (desired: Record<string, number>, actual: { name: string; app: string }[]) => {
  const actions: ({ create: string } | { delete: string })[] = [];
  for (const app of Object.keys(desired)) {
    const mine = actual.filter((pod) => pod.app === app);
    const known = Math.max(mine.length, made.get(app) ?? 0);
    for (let i = known; i < desired[app]; i++) actions.push({ create: app });
    for (const pod of mine.slice(desired[app])) actions.push({ delete: pod.name });
    made.set(app, desired[app]);
  }
  return actions;
});
