import type { FunctionExercise } from '../../../lib/book/exercise.ts';
import { createCluster, type Random } from '../../../lib/index.ts';

const nodePort = 30_036;

interface Closed {
  /** Null: all ports are open. */
  port: number | null;
  on: 'control-plane' | 'worker-1';
  /** How many members etcd has, one on each control plane. */
  members: 1 | 3;
  seed: number;
}

/** What somebody sees from outside after two minutes. */
interface Seen {
  /** `kubectl get nodes` */
  getNodes: string;
  /** `kubectl logs` of a pod on worker-1. */
  logs: string;
  /** The HTTP status of worker-1:30036, asked from the control plane's machine. */
  web: string;
  /** `nc -zv 127.0.0.1 2379` on the control plane's machine. */
  knock: string;
}

function see({ port, on, members, seed }: Closed): Seen {
  const cluster = createCluster({ nodes: 2, controlPlanes: members, seed });
  const heads = members === 1 ? ['control-plane'] : [1, 2, 3].map((i) => `control-plane-${i}`);
  const address = cluster.machine('worker-1').ip;
  const run = (...words: string[]) => cluster.kubectl.run(words);
  run('create', 'deployment', 'web', '--image=nginx', '--replicas=2');
  cluster.file('web.json', JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec: { type: 'NodePort', selector: { app: 'web' }, ports: [{ port: 80, nodePort }] } }));
  run('apply', '-f', 'web.json');
  cluster.advance('30s');
  const pod = cluster.client.list('Pod').items.find(({ spec }) => spec.nodeName === 'worker-1')!.metadata.name;
  if (port === nodePort) for (const worker of ['worker-1', 'worker-2']) cluster.fault.blockPort(worker, port);
  else if (port !== null) for (const machine of on === 'worker-1' ? [on] : heads) cluster.machine(machine).sh.run(`iptables -A INPUT -p tcp --dport ${port} ${port === 6443 ? '! -i lo ' : ''}-j DROP`);
  cluster.advance('2m');
  const said = (...words: string[]) => {
    const { stdout, stderr } = run(...words);
    return (stderr || stdout).trim();
  };
  const head = (line: string) => cluster.machine(heads[0]!).sh.run(line);
  const web = head(`curl -s -m 2 -o /dev/null -w %{http_code} http://${address}:${nodePort}`).stdout.trim();
  return { getNodes: said('get', 'nodes'), logs: said('logs', pod, '--tail=1'), web, knock: head('nc -zv -w 2 127.0.0.1 2379').stderr.trim() };
}

const drive = (answer: (seen: Seen) => unknown, closed: Closed) => answer(see(closed));
/** With one member nobody calls at 2380. */
const expected = ({ port, members }: Closed) => (port === 2380 && members === 1 ? null : port);
const tells = ({ port, on, members }: Closed) => (port === null ? '아무것도 막지 않은 클러스터' : `${on}의 ${port}번을 막은 클러스터(etcd 멤버 ${members})`);
const one = (port: number | null, { on = 'control-plane', members = 1 }: Partial<Pick<Closed, 'on' | 'members'>> = {}) => (random: Random) => [[{ port, on, members, seed: random.int(1000) }]];

export const closedPort: FunctionExercise = {
  id: 'preflight-3',
  title: '포트와 증상',
  kind: 'function',
  checks: [
    { name: '6443이 막힌 것을 안다', points: 1, hint: 'kubectl이 API 서버에 닿지도 못한다. 방화벽이 버리면 오래 기다린 끝에 i/o timeout이다.', inputs: one(6443), drive, expected, tells },
    { name: '2379가 막힌 것을 안다', points: 1, hint: 'API 서버는 대답을 하는데 저장소에 닿지 못한다. 그 말이 i/o timeout과 다르다.', inputs: one(2379), drive, expected, tells },
    { name: '2380이 막힌 것을 안다', points: 1, hint: 'kubectl이 듣는 말은 2379와 같다. 그런데 API 서버의 머신에서 2379를 두드리면(knock) 열려 있다. etcd는 있는데 멤버끼리 말하지 못해 아무것도 정하지 못한다.', inputs: one(2380, { members: 3 }), drive, expected, tells },
    { name: '10250이 막힌 것을 안다', points: 1, hint: '목록은 보이는데 logs만 실패한다. 오류에 포트가 적혀 있다.', inputs: one(10250, { on: 'worker-1' }), drive, expected, tells },
    { name: '30036이 막힌 것을 안다', points: 1, hint: '클러스터는 멀쩡한데 밖에서 서비스에 닿지 못한다.', inputs: one(nodePort, { on: 'worker-1' }), drive, expected, tells },
    { name: '증상이 없으면 null이다', points: 2, hint: '아무것도 실패하지 않으면 null이다. etcd의 멤버가 하나뿐이면 2380으로 말할 상대가 없어서, 막혀도 아무 일이 없다.', inputs: (random) => [...one(null)(random), ...one(2380)(random)], drive, expected, tells },
  ],
};
