import { exercise } from 'kubook';

await exercise('why-2', (desired: Record<string, number>, actual: { name: string; app: string }[]) => {
  const actions: ({ create: string } | { delete: string })[] = [];
  for (const app of Object.keys(desired)) {
    const mine = actual.filter((pod) => pod.app === app);
    for (let i = mine.length; i < desired[app]; i++) actions.push({ create: app });
    for (const pod of mine.slice(desired[app])) actions.push({ delete: pod.name });
  }
  return actions;
});
