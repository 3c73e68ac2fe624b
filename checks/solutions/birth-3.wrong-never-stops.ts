// fails: 더는 배정되지 않은 컨테이너를 멈춘다
import { exercise } from 'kubook';

type Pod = { uid: string; name: string; restartPolicy: string; deleting: boolean; containers: string[] };
type Found = { id: string; podUid?: string; container?: string; state: string; exitCode?: number };

await exercise('birth-3', (assigned: Pod[], found: Found[]) => {
  const start = assigned
    .filter((pod) => !pod.deleting)
    .flatMap(({ uid, containers, restartPolicy }) =>
      containers
        .filter((container) => {
          const mine = found.filter((one) => one.podUid === uid && one.container === container);
          const last = mine.at(-1);
          if (mine.some(({ state }) => state === 'running')) return false;
          return !last || restartPolicy === 'Always' || (restartPolicy === 'OnFailure' && last.exitCode !== 0);
        })
        .map((container) => ({ uid, container })),
    );
  return { start, stop: [] };
});
