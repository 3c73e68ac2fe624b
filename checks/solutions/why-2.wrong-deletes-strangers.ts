// fails: 선언에 없는 앱은 건드리지 않는다
import { exercise } from 'kubook';

await exercise('why-2', (desired: Record<string, number>, actual: { name: string; app: string }[]) => {
  const actions: ({ create: string } | { delete: string })[] = [];
  for (const app of new Set([...Object.keys(desired), ...actual.map((pod) => pod.app)])) {
    const mine = actual.filter((pod) => pod.app === app);
    const wanted = desired[app] ?? 0;
    for (let i = mine.length; i < wanted; i++) actions.push({ create: app });
    for (const pod of mine.slice(wanted)) actions.push({ delete: pod.name });
  }
  return actions;
});
