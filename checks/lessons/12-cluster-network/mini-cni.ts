import { type After, type Cluster, type ClusterExercise, wrong } from '../../../lib/book/exercise.ts';
import { josa } from '../../../lib/book/josa.ts';
import { show } from '../../../lib/book/same.ts';
import type { CniFactory, Random } from '../../../lib/index.ts';
import { numberOf } from './cidr.ts';

/** What happened to the plug-in in the cluster, and in a range of thirteen addresses. */
interface Story {
  pods: { node: string; ip: string; round: number }[];
  running: number[];
  /** Answers of a small range: each line `add id → address`, `del id`, or `full`. */
  small: { op: 'add' | 'del'; id: string; ip?: string; error?: string; held: string[]; full: boolean }[];
}

const wanted = 50;
const smallRange = '10.9.8.16/28';

export const miniCni: ClusterExercise = {
  id: 'net-3',
  title: '미니 CNI',
  kind: 'component',
  withholds: ['createCluster'],
  cluster: { nodes: 2 },
  async perform({ cluster, kubectl, random }, answer: CniFactory): Promise<Story> {
    cluster.cni(answer);
    const [pods, running]: [Story['pods'], number[]] = [[], []];
    await kubectl.text`create deployment web --image=nginx --replicas=0`;
    for (let round = 0; round < 3; round++) {
      await kubectl.text`scale deployment web --replicas=${String(wanted)}`;
      cluster.advance('2m');
      const found = cluster.client.list('Pod', { namespace: 'default' }).items.filter(({ status }) => status.phase === 'Running');
      running.push(found.length);
      pods.push(...found.map(({ spec, status }) => ({ node: spec.nodeName!, ip: status.podIP ?? '', round })));
      await kubectl.text`scale deployment web --replicas=0`;
      cluster.advance('2m');
    }
    return { pods, running, small: churn(answer, random) };
  },
  checks: [
    {
      name: `파드 ${wanted}개가 모두 돈다`,
      points: 2,
      hint: 'add는 점으로 나눈 IPv4 주소 하나를 글로 돌려준다. 던진 오류는 kubectl describe pod의 FailedCreatePodSandBox에 그대로 나온다.',
      run({ cluster, result }) {
        const { running } = result as Story;
        const bad = running.findIndex((count) => count !== wanted);
        if (bad >= 0) wrong(`${bad + 1}번째로 파드 ${wanted}개를 띄웠는데 ${running[bad]}개만 돈다. ${failure(cluster)}`);
      },
    },
    {
      name: '주소가 겹치지 않는다',
      points: 2,
      hint: '나눠 준 주소를 적어 두고, 적혀 있지 않은 것만 준다. 노드마다 플러그인이 하나씩이므로 제 대역 안에서만 겹치지 않으면 된다.',
      run({ result }) {
        const { pods, small, running } = result as Story;
        if (pods.length === 0 || Math.max(...running) === 0) wrong('도는 파드가 하나도 없다.');
        for (const { ip, round } of pods) if (pods.filter((pod) => pod.ip === ip && pod.round === round).length > 1) wrong(`파드 둘이 ${josa(ip, '을/를')} 함께 받았다.`);
        const twice = small.find(({ op, ip, held }) => op === 'add' && ip !== undefined && held.includes(ip));
        if (twice) wrong(`${smallRange}에서 ${josa(twice.ip, '을/를')} 아직 쓰는 파드가 있는데 ${twice.id}에게 또 주었다.`);
      },
    },
    {
      name: '줄 수 있는 주소만 준다',
      points: 1,
      hint: '대역의 첫 주소(네트워크), 그다음 주소(브리지 cni0의 것), 마지막 주소(브로드캐스트)는 파드의 것이 아니다. 대역이 늘 .0에서 시작하는 것은 아니다.',
      run: ({ cluster, result }) => onlyUsable(cluster, result),
    },
    {
      name: '돌려받은 주소를 다시 준다',
      points: 2,
      hint: 'DEL이 오면 그 containerID의 주소를 놓는다. 놓지 않으면 대역이 샌다.',
      run({ result }) {
        const leak = (result as Story).small.find(({ op, error, full }) => op === 'add' && error !== undefined && !full);
        if (leak) wrong(`${smallRange}에 빈 주소가 있는데(쓰는 것 ${leak.held.length}개) ADD가 실패했다: ${leak.error}`);
        if (!(result as Story).small.some(({ op, ip }) => op === 'add' && ip !== undefined)) wrong('ADD가 한 번도 성공하지 않았다.');
      },
    },
    {
      name: '가득 차면 오류를 던진다',
      points: 1,
      hint: '줄 주소가 없으면 throw new Error(…)다. 아무 주소나 주면 두 파드가 부딪친다.',
      run({ result }) {
        const given = (result as Story).small.find(({ op, ip, full }) => op === 'add' && full && ip !== undefined);
        if (given) wrong(`${smallRange}의 열세 개가 모두 쓰이는데 ${josa(given.ip, '을/를')} 주었다.`);
        if (!(result as Story).small.some(({ op, full }) => op === 'add' && full)) wrong('대역이 가득 찬 적이 없다.');
      },
    },
    {
      name: 'DEL은 두 번 와도 된다',
      points: 1,
      hint: 'CNI의 약속이다: 모르는 containerID의 DEL이 와도, 같은 DEL이 두 번 와도 오류가 아니다. 두 번째 DEL이 남의 주소를 놓아서도 안 된다.',
      run({ result }) {
        const { small } = result as Story;
        const failed = small.find(({ op, error }) => op === 'del' && error !== undefined);
        if (failed) wrong(`DEL ${josa(failed.id, '이/가')} 오류를 던졌다: ${failed.error}`);
        const stolen = small.find(({ op, ip, held }) => op === 'add' && ip !== undefined && held.includes(ip));
        if (stolen) wrong(`DEL을 되풀이했더니, 아직 쓰이는 ${josa(stolen.ip, '을/를')} 다시 주었다.`);
        if (!small.some(({ ip }) => ip !== undefined)) wrong('ADD가 한 번도 성공하지 않았다.');
      },
    },
  ],
};

function failure(cluster: Cluster): string {
  const event = cluster.client.list('Event').items.find(({ reason }) => reason === 'FailedCreatePodSandBox');
  return event ? `이벤트: ${event.message!.replace(/^.*failed \(add\): /, '')}` : '';
}

function onlyUsable(cluster: Cluster, result: After['result']): void {
  const { pods, small, running } = result as Story;
  if (Math.max(...running) === 0) wrong('도는 파드가 하나도 없다.');
  for (const { node, ip } of pods) {
    const range = cluster.client.get('Node', { name: node }).spec.podCIDR!;
    if (!usable(ip, range)) wrong(`${node}의 대역 ${range}에서 파드에 줄 수 없는 주소다: ${show(ip)}`);
  }
  for (const { ip } of small) if (ip !== undefined && !usable(ip, smallRange)) wrong(`대역 ${smallRange}에서 파드에 줄 수 없는 주소다: ${show(ip)}`);
}

function usable(ip: string, cidr: string): boolean {
  const [base = '', bits] = cidr.split('/');
  const at = numberOf(ip) - numberOf(base);
  return /^(\d{1,3}\.){3}\d{1,3}$/.test(ip) && at >= 2 && at <= 2 ** (32 - Number(bits)) - 2;
}

/** ADD and DEL as a runtime sends them: also twice, also for what it never added. */
function churn(factory: CniFactory, random: Random): Story['small'] {
  const plugin = factory({ node: 'small', podCIDR: smallRange });
  const held = new Map<string, string>();
  const ended: string[] = [];
  const out: Story['small'] = [];
  for (let i = 0; i < 300; i++) {
    const adding = random.int(100) < (i % 60 < 30 ? 80 : 30);
    const id = adding ? `c${i}` : random.pick([...held.keys(), ...ended.slice(-2), 'never-seen']);
    const entry: Story['small'][number] = { op: adding ? 'add' : 'del', id, held: [...held.values()], full: held.size === 13 };
    out.push(entry);
    try {
      const request = { containerID: id, namespace: 'default', pod: id };
      if (adding) held.set(id, (entry.ip = String(plugin.add(request))));
      else plugin.del(request);
    } catch (error) {
      entry.error = error instanceof Error ? error.message : String(error);
    }
    if (!adding && held.delete(id)) ended.push(id);
  }
  return out;
}
