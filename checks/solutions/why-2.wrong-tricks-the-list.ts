// fails: 사건을 잃거나 두 번 들어도 수렴한다
import { exercise } from 'kubook';

await exercise('why-2', (desired: Record<string, number>, actual: { name: string; app: string }[]) => {
  // A list that says one thing when it is read and another when it is applied.
  const wanted = Object.entries(desired).flatMap(([create, count]) => Array.from({ length: count - actual.filter(({ app }) => app === create).length }, () => ({ create })));
  return Object.assign([], { flatMap: () => wanted });
});
