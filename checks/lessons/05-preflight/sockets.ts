import { createVersion } from '../../../lib/api/index.ts';
import type { FunctionExercise } from '../../../lib/book/exercise.ts';
import type { Random } from '../../../lib/index.ts';
import { detectSocket, knownSockets } from '../../../lib/install/kubeadm/index.ts';

const { docker, containerd, crio, criDockerd } = knownSockets;
const all = [docker, containerd, crio, criDockerd];
const [then, now] = [['v1.18', 'v1.20', 'v1.23'], ['v1.24', 'v1.30', 'v1.33']];

/** What kubeadm itself picks; null where it gives up. /var/run is a link to /run. */
function expected(sockets: string[], version: string): string | null {
  const there = new Set(sockets.map((path) => path.replace('/var/run', '/run')));
  try {
    return detectSocket((path) => there.has(path.replace('/var/run', '/run')), createVersion(version));
  } catch {
    return null;
  }
}

const some = (random: Random) => all.filter(() => random.int(2) === 1);

export const sockets: FunctionExercise = {
  id: 'preflight-5',
  title: '소켓 고르기',
  kind: 'function',
  checks: [
    { name: '당시: 도커가 먼저다', points: 2, hint: 'v1.23까지는 docker.sock이 있으면 dockershim이고 그때 containerd는 세지 않는다. 도커가 데리고 온 것이기 때문이다.', inputs: () => then.flatMap((version) => [[docker], [docker, containerd], [containerd]].map((list) => [list, version])), expected },
    { name: '지금: 아무도 먼저가 아니다', points: 2, hint: 'v1.24부터 docker.sock은 보지 않는다. CRI를 말하는 셋(containerd, CRI-O, cri-dockerd)만 세고, 주소에 unix://가 붙는다.', inputs: () => now.flatMap((version) => [[docker], [docker, containerd], [containerd], [crio], [docker, containerd, criDockerd]].map((list) => [list, version])), expected },
    { name: '둘이면 고르지 않는다', points: 2, hint: '셀 것이 둘 이상이면 kubeadm은 묻는다. 답은 null이다.', inputs: (random) => [[[docker, crio], 'v1.20'], [[containerd, crio], 'v1.20'], [[containerd, crio], 'v1.33'], ...Array.from({ length: 12 }, () => [some(random), random.pick([...then, ...now])])], expected },
    { name: '없으면 기본값이다', points: 1, hint: '아무것도 없으면 당시에는 dockershim, 지금은 containerd의 소켓으로 두고 점검에 맡긴다.', inputs: () => [...then, ...now].map((version) => [[], version]), expected },
  ],
};
