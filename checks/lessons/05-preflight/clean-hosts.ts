import type { FunctionExercise } from '../../../lib/book/exercise.ts';
import { createHost, type KubeadmHost, type KubeadmHostOptions, type Random } from '../../../lib/index.ts';

interface Report {
  name: string;
  errors: string[];
}

type Story = 'now' | 'reboot' | 'names';

const names = ['m-k8s', 'w1-k8s', 'w2-k8s'];

/** Three clones of one machine, each with other troubles. */
function dirtyHosts(random: Random): KubeadmHostOptions[] {
  const culprit = random.pick(['nginx', 'etcd', 'old-kubelet']);
  const port = random.pick([6443, 2379, 10250, 10259]);
  const clone = { kubernetes: 'v1.20' as const, runtimes: ['containerd' as const], hostname: 'ubuntu', productUuid: '4c4c4544-0042-4a10-8054-b4c04f4e3132' };
  return names.map((name, i) => ({ ...clone, name, ip: `192.168.1.${10 + i}`, cpus: i === 0 ? 1 : 2, memory: i === 1 ? '1Gi' : '2Gi', swap: random.pick(['1Gi', '2Gi']), modules: [], sysctl: { 'net.ipv4.ip_forward': '0' }, ...(i === random.int(3) || i === 2 ? { listening: { [port]: culprit } } : {}) }));
}

const errorsOf = (host: KubeadmHost) => [...host.sh.run('kubeadm init phase preflight').stderr.matchAll(/\[ERROR ([^\]]+)\]/g)].map(([, name]) => name!);

async function drive(answer: (hosts: KubeadmHost[]) => unknown, specs: KubeadmHostOptions[], story: Story): Promise<unknown> {
  const hosts = specs.map((spec) => createHost(spec));
  await answer(hosts);
  if (story === 'names') return hosts.map(({ machine }) => [machine.hostname, machine.productUuid]);
  if (story === 'reboot') for (const { machine } of hosts) machine.reboot();
  return hosts.map((host, i): Report => ({ name: names[i]!, errors: errorsOf(host) }));
}

function clean(output: unknown): string | void {
  if (!Array.isArray(output)) return '세 호스트의 결과가 없다.';
  const first = (output as Report[]).find(({ errors }) => errors.length > 0);
  if (first) return `${first.name}에 남은 오류: ${first.errors.join(', ')}`;
}

/** The first that two of them share, or that is not as wished. */
function told(output: unknown): string | void {
  const found = output as [string, string][];
  const wrongName = names.findIndex((name, i) => found[i]?.[0] !== name);
  if (wrongName >= 0) return `${wrongName + 1}번째 호스트의 이름은 ${names[wrongName]}이어야 하는데 ${found[wrongName]?.[0]}이다.`;
  const twin = found.findIndex(([, uuid], i) => found.findIndex(([, other]) => other === uuid) !== i);
  if (twin >= 0) return `${names[twin]}의 product_uuid가 다른 호스트와 같다: ${found[twin]![1]}`;
}

const inputs = (story: Story) => (random: Random) => [[dirtyHosts(random), story]];
const tells = (_: unknown, story: Story) => ({ now: '고친 직후', reboot: '모두 다시 켠 뒤', names: '이름과 product_uuid' })[story];

export const cleanHosts: FunctionExercise = {
  id: 'preflight-1',
  title: '사전 점검표 통과',
  kind: 'function',
  checks: [
    { name: '세 호스트가 점검을 통과한다', points: 3, hint: '남은 오류의 이름이 답을 말해 준다. CPU와 메모리는 host.change로, 포트는 ss -tlnp로 찾은 서비스를 멈추어, 나머지는 swapoff, modprobe, sysctl로 고친다.', inputs: inputs('now'), drive, judge: clean, tells },
    { name: '다시 켜도 통과한다', points: 3, hint: '커널에 바로 한 일은 꺼지면 잊힌다. /etc/fstab, /etc/modules-load.d, /etc/sysctl.d, 그리고 systemctl disable이 부팅 때의 일을 정한다.', inputs: inputs('reboot'), drive, judge: clean, tells },
    { name: '이름과 product_uuid가 저마다 다르다', points: 2, hint: '이름은 hostnamectl set-hostname, product_uuid는 가상 머신을 만든 쪽에서 바꾼다: host.change({ productUuid }).', inputs: inputs('names'), drive, judge: told, tells },
  ],
};
