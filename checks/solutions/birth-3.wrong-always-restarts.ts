// fails: 끝난 컨테이너는 restartPolicy대로 다시 시작한다
import { exercise } from 'kubook';

type Pod = { uid: string; name: string; restartPolicy: string; deleting: boolean; containers: string[] };
type Found = { id: string; podUid?: string; container?: string; state: string; exitCode?: number };

await exercise('birth-3', (assigned: Pod[], found: Found[]) => {
  const alive = assigned.filter((pod) => !pod.deleting);
  const running = found.filter(({ state }) => state === 'running');
  const start = alive.flatMap(({ uid, containers }) => containers.filter((container) => !running.some((one) => one.podUid === uid && one.container === container)).map((container) => ({ uid, container })));
  const stop = running.filter((one) => one.podUid && !alive.some(({ uid }) => uid === one.podUid)).map(({ id }) => id);
  return { start, stop };
});
