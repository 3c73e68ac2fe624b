import { exercise } from 'kubook';

await exercise('scale-2', (window: number, recommendations: { at: number; replicas: number }[]) => {
  const changes: { at: number; replicas: number }[] = [];
  let now = recommendations[0].replicas;
  for (const { at } of recommendations) {
    const inWindow = recommendations.filter((one) => one.at <= at && one.at >= at - window);
    const replicas = Math.max(...inWindow.map((one) => one.replicas));
    if (replicas < now) changes.push({ at, replicas });
    now = replicas;
  }
  return changes;
});
