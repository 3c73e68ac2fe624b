import { type After, type ClusterExercise, wrong } from '../../../lib/book/exercise.ts';
import { josa } from '../../../lib/book/josa.ts';
import { same } from '../../../lib/book/same.ts';

const causes = ['no-file', 'sudo', 'empty-file'] as const;
type Cause = (typeof causes)[number];

interface Given {
  /** Account → why kubectl finds no server. */
  accounts: Record<string, Cause>;
}

const host = 'control-plane';
const admin = '/etc/kubernetes/admin.conf';

/** What was typed in vain; it lies in the account's home. */
const tried: Record<Cause, string> = { 'no-file': 'kubectl get nodes', sudo: 'sudo kubectl get nodes', 'empty-file': 'kubectl get nodes' };

const prepared: Record<Cause, (name: string) => string> = {
  'no-file': () => 'true',
  sudo: (name) => `mkdir -p /home/${name}/.kube && cp ${admin} /home/${name}/.kube/config && chown -R ${name}:${name} /home/${name}/.kube`,
  'empty-file': (name) => `mkdir -p /home/${name}/.kube && touch /home/${name}/.kube/config && chown -R ${name}:${name} /home/${name}/.kube`,
};

export const homes: ClusterExercise = {
  id: 'diary-5',
  title: 'sudo의 HOME',
  kind: 'cluster',
  cluster: { nodes: 1 },
  start({ cluster, random }): Given {
    const { sh } = cluster.machine(host);
    const names = random.shuffle(['byeon', 'lab', 'vagrant']);
    const accounts = Object.fromEntries(names.map((name, i): [string, Cause] => [name, causes[i]!]));
    for (const [name, cause] of Object.entries(accounts).sort()) sh.run(`useradd -m -s /bin/bash -G sudo ${name}; ${prepared[cause](name)}; echo '${tried[cause]}' > /home/${name}/tried; chown ${name}:${name} /home/${name}/tried`);
    return { accounts };
  },
  checks: [
    {
      name: '세 사람이 왜 거절당했는지 안다',
      points: 2,
      hint: '저마다의 집에서 cat tried; ls -la .kube를 본다. 파일이 없는가(no-file), 있는데 비었는가(empty-file), 파일은 멀쩡한데 다른 사람이 되어 쳤는가(sudo).',
      run({ result, given }) {
        for (const [name, cause] of Object.entries((given as Given).accounts).sort()) same(result?.[name], cause, `${josa(name, '이/가')} 거절당한 까닭`);
      },
    },
    {
      name: '세 사람이 친 그대로 다시 치면 된다',
      points: 3,
      hint: 'kubectl은 친 사람의 HOME에서 .kube/config를 찾는다. sudo로 치면 root의 HOME이다. 집집마다 admin.conf를 복사하고 주인을 바꾼다.',
      run: typedAgain,
    },
    {
      name: '열쇠는 저마다 혼자만 읽는다',
      points: 1,
      hint: 'admin.conf는 클러스터의 모든 것을 할 수 있는 열쇠다. 아무나 읽게 chmod하지 않고, 복사한 것의 주인만 바꾼다.',
      run(after) {
        typedAgain(after);
        const { sh } = after.cluster.machine(host);
        same(sh.text`stat -c '%a %U' ${admin}`.trim(), '600 root', `${admin}의 권한과 주인`);
        for (const name of Object.keys((after.given as Given).accounts).sort()) {
          const path = `/home/${name}/.kube/config`;
          const mode = sh.text`stat -c '%a %U' ${path}`.trim();
          if (mode !== `600 ${name}`) wrong(`${path}의 권한과 주인은 ${mode}이다. 600 ${name}이어야 한다.`);
        }
        if (sh.run('test -e /root/.kube/config').code === 0) same(sh.text`stat -c '%a %U' /root/.kube/config`.trim(), '600 root', '/root/.kube/config의 권한과 주인');
      },
    },
  ],
};

function typedAgain({ cluster, given }: After): void {
  for (const [name, cause] of Object.entries((given as Given).accounts).sort()) {
    const { code, printed } = cluster.machine(host).login(name).run(tried[cause]);
    if (code !== 0 || !/control-plane +Ready/.test(printed)) wrong(`${josa(name, '이/가')} ${josa(tried[cause], '을/를')} 치면: ${printed.split('\n')[0]}`);
  }
}
