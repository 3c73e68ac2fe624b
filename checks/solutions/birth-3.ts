import { exercise } from 'kubook';

type Pod = { uid: string; name: string; restartPolicy: string; deleting: boolean; containers: string[] };
type Found = { id: string; podUid?: string; container?: string; state: string; exitCode?: number };

await exercise('birth-3', (assigned: Pod[], found: Found[]) => {
  const alive = assigned.filter((pod) => !pod.deleting);
  const start: { uid: string; container: string }[] = [];
  for (const { uid, containers, restartPolicy } of alive) {
    for (const container of containers) {
      const mine = found.filter((one) => one.podUid === uid && one.container === container);
      if (mine.some(({ state }) => state === 'running')) continue;
      const last = mine.at(-1);
      if (!last || restartPolicy === 'Always' || (restartPolicy === 'OnFailure' && last.exitCode !== 0)) start.push({ uid, container });
    }
  }
  const stop = found
    .filter((one) => one.podUid !== undefined && one.state === 'running')
    .filter((one) => !alive.some(({ uid }) => uid === one.podUid))
    .map(({ id }) => id);
  return { start, stop };
});
