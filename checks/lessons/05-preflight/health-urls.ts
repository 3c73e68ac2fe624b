import type { FunctionExercise } from '../../../lib/book/exercise.ts';
import { createCluster, type Random } from '../../../lib/index.ts';

const ports: Record<string, [http: number, https: number]> = { 'kube-scheduler': [10251, 10259], 'kube-controller-manager': [10252, 10257] };

const known = new Map<string, string[]>();

/** Which of them answer on the control plane's machine of that release. */
function expected(component: string, version: string): string[] {
  const key = `${component} ${version}`;
  const before = known.get(key);
  if (before) return before;
  const { sh } = createCluster({ nodes: 0, version }).machine('control-plane');
  const [http, https] = ports[component]!;
  const answering = [`http://127.0.0.1:${http}/healthz`, `https://127.0.0.1:${https}/healthz`].filter((url) => sh.run(`curl -sk ${url}`).stdout === 'ok');
  known.set(key, answering);
  return answering;
}

const asked = (component: string, versions: readonly string[]) => (random: Random) => [...versions.map((version) => [component, version]), [component, `v1.${16 + random.int(18)}`]];

export const healthURLs: FunctionExercise = {
  id: 'preflight-4',
  title: '그때와 지금',
  kind: 'function',
  checks: [
    { name: '노트의 시절에는 둘 다 답한다', points: 2, hint: 'v1.20의 두 컴포넌트는 http의 옛 포트와 https의 새 포트에서 함께 기다렸다. http를 먼저 적는다.', inputs: () => ['v1.16', 'v1.18', 'v1.20'].flatMap((version) => Object.keys(ports).map((component) => [component, version])), expected },
    { name: '스케줄러의 http가 사라진 때를 안다', points: 2, hint: 'kube-scheduler의 10251은 v1.22까지 있고 v1.23부터 없다.', inputs: asked('kube-scheduler', ['v1.21', 'v1.22', 'v1.23', 'v1.33']), expected },
    { name: '컨트롤러 매니저의 http가 사라진 때를 안다', points: 2, hint: 'kube-controller-manager의 10252는 v1.21까지 있고 v1.22부터 없다. 스케줄러보다 한 릴리스 먼저다.', inputs: asked('kube-controller-manager', ['v1.21', 'v1.22', 'v1.23', 'v1.33']), expected },
  ],
};
