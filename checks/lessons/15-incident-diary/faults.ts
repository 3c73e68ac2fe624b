// What keeps `kubectl top node` from printing: eight faults, each with an error of its own and each mended alone.
import type { Stage } from '../../../lib/book/exercise.ts';

const manifest = 'https://github.com/kubernetes-sigs/metrics-server/releases/latest/download/components.yaml';
export const args = '/spec/template/spec/containers/0/args';

export interface Fault {
  id: string;
  /** In Korean, as a hint tells it. */
  what: string;
  /** Before metrics-server is installed. */
  before?(stage: Stage): void;
  /** What its Deployment is to have instead. */
  patch?(): object[];
  /** Afterwards. */
  after?(stage: Stage): void;
}

export const worker = 'worker-1';

const run = ({ cluster }: Stage, machine: string, line: string) => void cluster.machine(machine).sh.run(line);

export const faults: readonly Fault[] = [
  { id: 'port', what: 'worker-1의 방화벽', before: (stage) => run(stage, worker, 'iptables -D INPUT -p tcp -m tcp --dport 10250 -j ACCEPT') },
  { id: 'token', what: 'worker-1의 kubelet 설정', before: (stage) => run(stage, worker, "printf 'authentication:\\n  webhook:\\n    enabled: false\\n' > /var/lib/kubelet/config.yaml; systemctl restart kubelet") },
  { id: 'taint', what: 'worker-1의 테인트', before: ({ kubectl }) => void kubectl.text`taint node ${worker} maintenance=kernel:NoSchedule` },
  { id: 'certificate', what: '인증서를 믿는 길', patch: () => [] },
  { id: 'address', what: 'kubelet을 찾는 주소', patch: () => [{ op: 'replace', path: `${args}/2`, value: '--kubelet-preferred-address-types=Hostname' }] },
  { id: 'image', what: '이미지의 이름', patch: () => [{ op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'registry.k8s.io/metrics-server-amd64:v0.8.0' }] },
  { id: 'service', what: '서비스의 targetPort', after: ({ kubectl }) => void kubectl.text`patch service metrics-server -n kube-system -p ${JSON.stringify({ spec: { ports: [{ port: 443, targetPort: 4443 }] } })}` },
  { id: 'rights', what: 'metrics-server의 권한', after: ({ kubectl }) => void kubectl.text`delete clusterrolebinding system:metrics-server` },
];

/** What worker-1 lets in: what it has asked for itself, ssh and its kubelet. */
export const fence = ['-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT', '-i lo -j ACCEPT', '-p tcp -m tcp --dport 22 -j ACCEPT', '-p tcp -m tcp --dport 10250 -j ACCEPT', '-p tcp -j DROP'];

const insecure = { op: 'add', path: `${args}/-`, value: '--kubelet-insecure-tls' };

/** metrics-server as it would be, had nobody touched it; then the faults. */
export function breakDown(stage: Stage, chosen: readonly string[]): void {
  const { cluster, kubectl } = stage;
  const some = faults.filter(({ id }) => chosen.includes(id));
  for (const rule of fence) run(stage, worker, `iptables -A INPUT ${rule}`);
  for (const { before } of some) before?.(stage);
  kubectl.text`apply -f ${manifest}`;
  const patches = [...(chosen.includes('certificate') ? [] : [insecure]), ...some.flatMap(({ patch }) => patch?.() ?? [])];
  if (patches.length > 0) kubectl.text`patch deployment metrics-server -n kube-system --type=json -p ${JSON.stringify(patches)}`;
  for (const { after } of some) after?.(stage);
  cluster.advance('20s');
  // What there was before is not kept: `rollout undo` leads nowhere.
  const sets = cluster.client.list('ReplicaSet', { namespace: 'kube-system', labelSelector: 'k8s-app=metrics-server' }).items;
  const newest = Math.max(...sets.map(({ metadata }) => Number(metadata.annotations?.['deployment.kubernetes.io/revision'])));
  for (const { metadata } of sets) if (Number(metadata.annotations?.['deployment.kubernetes.io/revision']) < newest) kubectl.text`delete replicaset ${metadata.name} -n kube-system`;
  cluster.advance('2m');
}
