import { type After, type ClusterExercise, wrong } from '../../../lib/book/exercise.ts';
import { josa } from '../../../lib/book/josa.ts';

interface Given {
  user: string;
  namespace: string;
  others: string[];
  /** Who must not get anything by the way. */
  stranger: string;
}

const verbs = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'];
const resources = ['pods', 'services', 'deployments.apps'];

export const rights: ClusterExercise = {
  id: 'ns-1',
  title: '권한 나누기',
  kind: 'cluster',
  cluster: { nodes: 1 },
  async start({ cluster, kubectl, random }): Promise<Given> {
    const teams = random.shuffle(['red', 'green', 'blue', 'gold']).slice(0, 3);
    const [user, stranger] = random.shuffle(['minji', 'jun', 'sora', 'haneul']) as [string, string];
    for (const team of teams) {
      await kubectl`create namespace ${team}`;
      await kubectl`create deployment web --image=nginx -n ${team}`;
      await kubectl`create secret generic login --from-literal=password=${random.suffix(8)} -n ${team}`;
    }
    const [namespace, ...others] = teams as [string, ...string[]];
    cluster.file('people.txt', JSON.stringify({ user, namespace }));
    cluster.advance('20s');
    return { user, namespace, others, stranger };
  },
  checks: [
    {
      name: '제 네임스페이스에서 일할 수 있다',
      points: 3,
      hint: '디플로이먼트는 apps 그룹에 있고, 로그는 pods/log라는 하위 리소스다. kubectl auth can-i --list -n 네임스페이스 --as=사람으로 가진 권한을 볼 수 있다.',
      run(after) {
        const { user, namespace } = after.given as Given;
        for (const resource of resources) for (const verb of verbs) must(after, user, `${verb} ${resource}`, namespace, true);
        must(after, user, 'get pods --subresource=log', namespace, true);
        const { code } = after.cluster.kubectl.run(['get', 'pods', '-n', namespace, '--as', user]);
        if (code !== 0) wrong(`${josa(user, '이/가')} ${namespace}의 파드를 보지 못한다.`);
      },
    },
    {
      name: '시크릿은 볼 수 없다',
      points: 2,
      hint: '클러스터롤 edit과 admin, 그리고 별표(*)는 시크릿까지 준다. 필요한 종류를 하나씩 적는다.',
      run(after) {
        const { user, namespace } = after.given as Given;
        for (const verb of ['get', 'list', 'create', 'delete']) must(after, user, `${verb} secrets`, namespace, false);
        for (const what of ['create roles.rbac.authorization.k8s.io', 'create rolebindings.rbac.authorization.k8s.io', 'create pods --subresource=exec', 'create serviceaccounts --subresource=token']) must(after, user, what, namespace, false);
      },
    },
    {
      name: '다른 네임스페이스와 노드에는 손댈 수 없다',
      points: 2,
      hint: '클러스터롤바인딩은 모든 네임스페이스에 힘이 미친다. 롤바인딩은 제 네임스페이스에만 미친다.',
      run(after) {
        const { user, others } = after.given as Given;
        for (const other of [...others, 'default', 'kube-system']) for (const what of ['get pods', 'list pods', 'create deployments.apps', 'get secrets']) must(after, user, what, other, false);
        for (const what of ['get nodes', 'list namespaces', 'delete namespaces']) must(after, user, what, '', false);
      },
    },
    {
      name: '다른 사람에게는 아무것도 주지 않았다',
      points: 1,
      hint: '롤바인딩의 대상은 한 사람이다. system:authenticated 같은 그룹에는 모두가 들어 있다.',
      run(after) {
        const { stranger, namespace, user } = after.given as Given;
        for (const what of ['get pods', 'list services', 'create deployments.apps']) must(after, stranger, what, namespace, false);
        must(after, `system:serviceaccount:${namespace}:default`, 'list pods', namespace, false);
        if (after.cluster.kubectl.run(['get', 'pods', '-n', namespace, '--as', user]).code !== 0) wrong(`${user}도 아무것도 하지 못한다.`);
      },
    },
  ],
};

/** What `kubectl auth can-i` answers. */
function must({ cluster }: After, user: string, what: string, namespace: string, allowed: boolean): void {
  const { stdout } = cluster.kubectl.run(['auth', 'can-i', ...what.split(' '), ...(namespace ? ['-n', namespace] : []), '--as', user]);
  const may = stdout.trim().endsWith('yes');
  const where = namespace ? `${namespace}에서 ` : '';
  if (may !== allowed) wrong(`${user}: ${where}${josa(what, '을/를')} 할 수 ${may ? '있다' : '없다'}.`);
}
