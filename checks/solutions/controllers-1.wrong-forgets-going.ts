// fails: 몇을 입양하는지 맞힌다
import { exercise } from 'kubook';

await exercise('controllers-1', (
  replicas: number,
  pods: { app: string; owner: string | null; phase: 'Running' | 'Failed'; going: boolean }[],
) => {
  const adopted = pods.filter(({ app, owner, phase, going }) => app === 'web' && owner === null && phase === 'Running').length;
  return { adopted, created: Math.max(0, replicas - adopted), deleted: Math.max(0, adopted - replicas) };
});
