// fails: 쿠버네티스가 만들지 않은 컨테이너는 건드리지 않는다
import { exercise } from 'kubook';

type Pod = { uid: string; name: string; restartPolicy: string; deleting: boolean; containers: string[] };
type Found = { id: string; podUid?: string; container?: string; state: string; exitCode?: number };

await exercise('birth-3', (assigned: Pod[], found: Found[]) => {
  const alive = assigned.filter((pod) => !pod.deleting);
  const start = alive.flatMap(({ uid, containers, restartPolicy }) =>
    containers
      .filter((container) => {
        const mine = found.filter((one) => one.podUid === uid && one.container === container);
        const last = mine.at(-1);
        if (mine.some(({ state }) => state === 'running')) return false;
        return !last || restartPolicy === 'Always' || (restartPolicy === 'OnFailure' && last.exitCode !== 0);
      })
      .map((container) => ({ uid, container })),
  );
  const stop = found.filter((one) => one.state === 'running' && !alive.some(({ uid }) => uid === one.podUid)).map(({ id }) => id);
  return { start, stop };
});
