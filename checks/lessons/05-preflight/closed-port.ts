import type { FunctionExercise } from '../../../lib/book/exercise.ts';
import { createCluster, type Random } from '../../../lib/index.ts';

const nodePort = 30_036;

interface Closed {
  /** Null: all ports are open. */
  port: number | null;
  on: 'control-plane' | 'worker-1';
  seed: number;
}

/** What somebody sees from outside after two minutes. */
interface Seen {
  /** `kubectl get nodes` */
  getNodes: string;
  /** `kubectl logs` of a pod on worker-1. */
  logs: string;
  /** `curl` from the control plane's machine to worker-1:30036. */
  web: string;
}

function see({ port, on, seed }: Closed): Seen {
  const cluster = createCluster({ nodes: 2, seed });
  const run = (...words: string[]) => cluster.kubectl.run(words);
  run('create', 'deployment', 'web', '--image=nginx', '--replicas=2');
  cluster.file('web.json', JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec: { type: 'NodePort', selector: { app: 'web' }, ports: [{ port: 80, nodePort }] } }));
  run('apply', '-f', 'web.json');
  cluster.advance('30s');
  const pod = cluster.client.list('Pod').items.find(({ spec }) => spec.nodeName === 'worker-1')!.metadata.name;
  if (port === nodePort) for (const worker of ['worker-1', 'worker-2']) cluster.fault.blockPort(worker, port);
  else if (port !== null) cluster.machine(on).sh.run(`iptables -A INPUT -p tcp --dport ${port} ${port === 6443 ? '! -i lo ' : ''}-j DROP`);
  cluster.advance('2m');
  const said = (...words: string[]) => {
    const { stdout, stderr } = run(...words);
    return (stderr || stdout).trim();
  };
  return { getNodes: said('get', 'nodes'), logs: said('logs', pod, '--tail=1'), web: cluster.machine('control-plane').sh.run(`curl -sS -m 2 -o /dev/null -w %{http_code} http://10.0.0.11:${nodePort}`).printed.trim() };
}

const symptomless = [2380, null];
const drive = (answer: (seen: Seen) => unknown, closed: Closed) => answer(see(closed));
const expected = ({ port }: Closed) => (symptomless.includes(port) ? null : port);
const tells = ({ port, on }: Closed) => `${on}의 ${port ?? '아무 포트도 아닌 것'}을 막은 클러스터`;
const one = (port: number | null, on: Closed['on'] = 'control-plane') => (random: Random) => [[{ port, on, seed: random.int(1000) }]];

export const closedPort: FunctionExercise = {
  id: 'preflight-3',
  title: '포트와 증상',
  kind: 'function',
  checks: [
    { name: '6443이 막힌 것을 안다', points: 1, hint: 'kubectl이 API 서버에 닿지도 못한다. 방화벽이 버리면 오래 기다린 끝에 i/o timeout이다.', inputs: one(6443), drive, expected, tells },
    { name: '2379가 막힌 것을 안다', points: 1, hint: 'API 서버는 대답을 하는데 저장소에 닿지 못한다. 그 말이 i/o timeout과 다르다.', inputs: one(2379), drive, expected, tells },
    { name: '10250이 막힌 것을 안다', points: 1, hint: '목록은 보이는데 logs만 실패한다. 오류에 포트가 적혀 있다.', inputs: one(10250, 'worker-1'), drive, expected, tells },
    { name: '30036이 막힌 것을 안다', points: 1, hint: '클러스터는 멀쩡한데 밖에서 서비스에 닿지 못한다.', inputs: one(nodePort, 'worker-1'), drive, expected, tells },
    { name: '증상이 없으면 null이다', points: 2, hint: '아무것도 실패하지 않으면 null이다. etcd의 멤버가 하나뿐이면 2380으로 말할 상대가 없어서, 막혀도 아무 일이 없다.', inputs: (random) => [...one(null)(random), ...one(2380)(random)], drive, expected, tells },
  ],
};
