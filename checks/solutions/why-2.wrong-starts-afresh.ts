// fails: 맞는 앱에는 아무것도 하지 않는다
import { exercise } from 'kubook';

await exercise('why-2', (desired: Record<string, number>, actual: { name: string; app: string }[]) => {
  const actions: ({ create: string } | { delete: string })[] = [];
  for (const app of Object.keys(desired)) {
    for (const pod of actual.filter((one) => one.app === app)) actions.push({ delete: pod.name });
    for (let i = 0; i < desired[app]; i++) actions.push({ create: app });
  }
  return actions;
});
