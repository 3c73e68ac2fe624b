// fails: 배정되었는데 돌지 않는 컨테이너를 시작한다
import { exercise } from 'kubook';

type Pod = { uid: string; name: string; restartPolicy: string; deleting: boolean; containers: string[] };
type Found = { id: string; podUid?: string; container?: string; state: string; exitCode?: number };

await exercise('birth-3', (assigned: Pod[], found: Found[]) => {
  const alive = assigned.filter((pod) => !pod.deleting);
  // A pod that has something running is running.
  const start = alive.filter(({ uid }) => !found.some((one) => one.podUid === uid && one.state === 'running')).flatMap(({ uid, containers }) => containers.map((container) => ({ uid, container })));
  const stop = found.filter((one) => one.podUid && one.state === 'running' && !alive.some(({ uid }) => uid === one.podUid)).map(({ id }) => id);
  return { start, stop };
});
