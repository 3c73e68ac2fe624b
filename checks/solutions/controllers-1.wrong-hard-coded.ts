// fails: 몇을 입양하는지 맞힌다
import { exercise } from 'kubook';

await exercise('controllers-1', (
  replicas: number,
  pods: { app: string; owner: string | null; phase: 'Running' | 'Failed'; going: boolean }[],
) => {
  return { adopted: 2, created: replicas - 2, deleted: pods.length > 2 ? 1 : 0 };
});
