// What the exercises of lesson 15 look at in the end.
import { type Cluster, type Stage, wrong } from '../../../lib/book/exercise.ts';
import { josa } from '../../../lib/book/josa.ts';
import { bytes } from '../../../lib/api/index.ts';

interface Measured {
  metadata: { name: string };
  timestamp: string;
  usage: { cpu: string; memory: string };
}

/** `kubectl top node` has a row with numbers for each, and the numbers are those of the kubelets. */
export function measuredNodes({ cluster, kubectl }: Stage, names: readonly string[]): void {
  const told = kubectl.run('top node --no-headers');
  if (told.code !== 0) wrong(`kubectl top node의 답: ${told.stderr.split('\n')[0]}`);
  const rows = new Map(told.stdout.split('\n').map((line) => [line.split(/\s+/)[0]!, line]));
  for (const name of names) {
    const row = rows.get(name);
    if (row === undefined) wrong(`kubectl top node에 노드 ${josa(name, '이/가')} 없다.`);
    if (!/^\S+\s+\d+m\s+\d+%\s+\d+Mi\s+\d+%/.test(row)) wrong(`노드 ${name}의 값이 숫자가 아니다: ${row.trim().replace(/\s+/g, ' ')}`);
  }
  for (const one of (kubectl.json`get --raw /apis/metrics.k8s.io/v1beta1/nodes`.items as Measured[])) {
    const summary = kubectl.json`get --raw ${`/api/v1/nodes/${one.metadata.name}/proxy/stats/summary`}`;
    const ratio = bytes(one.usage.memory) / summary.node.memory.workingSetBytes;
    const age = Date.parse(cluster.now) - Date.parse(one.timestamp);
    if (!(ratio > 0.8 && ratio < 1.25) || !(age < 60_000)) wrong(`노드 ${one.metadata.name}의 값은 그 kubelet이 방금 말한 값이 아니다.`);
  }
}

/** Nobody reads a kubelet without saying who he is, and none allows everything. */
export function kubeletsAsTheyWere(cluster: Cluster): void {
  for (const [name, machine] of cluster.machines) {
    const address = `https://${machine.ip}:10250/pods`;
    const answer = cluster.machine(name).sh.run(`curl -sk -o /dev/null -w '%{http_code}' ${address}`).stdout;
    if (answer === '200') wrong(`${name}의 kubelet은 누구인지 묻지 않고 파드를 보여 준다: curl -k ${address}`);
    const token = 'Authorization: Bearer nobody';
    if (cluster.machine(name).sh.run(`curl -sk -o /dev/null -w '%{http_code}' -H '${token}' ${address}`).stdout === '200') wrong(`${name}의 kubelet은 모르는 토큰도 들여보낸다.`);
  }
}

/** What no rule lets in is still dropped, and the kubelet's port is not. */
export function closedFor(cluster: Cluster, name: string): void {
  const machine = cluster.machine(name);
  const from = cluster.machine('control-plane').ip;
  if (!machine.admits(10250, from)) wrong(`${name}의 10250은 아직 닫혀 있다.`);
  for (const port of [8080, 2379]) if (machine.admits(port, from)) wrong(`${name}의 ${port}도 열려 있다. 처음에는 닫혀 있었다.`);
}
