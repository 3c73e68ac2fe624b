import { type ClusterExercise, type Stage, wrong } from '../../../lib/book/exercise.ts';
import { same } from '../../../lib/book/same.ts';
import { kubeletsAsTheyWere, measuredNodes } from './state.ts';

const causes = ['firewall', 'stopped', 'webhook', 'certificate'] as const;
type Cause = (typeof causes)[number];

interface Given {
  /** Node → what is wrong with it. */
  broken: Record<string, Cause>;
  nodes: string[];
  arguments: string[];
}

const manifest = 'https://github.com/kubernetes-sigs/metrics-server/releases/latest/download/components.yaml';
const settings = '/var/lib/kubelet/config.yaml';

const breaks: Record<Cause, (line: (text: string) => void) => void> = {
  firewall: (line) => line('iptables -A INPUT -p tcp --dport 10250 -j DROP'),
  stopped: (line) => line('systemctl stop kubelet'),
  webhook: (line) => line(`printf 'authentication:\\n  webhook:\\n    enabled: false\\n' >> ${settings}; systemctl restart kubelet`),
  // Its kubelet signs for itself again.
  certificate: (line) => line(`sed -i /serverTLSBootstrap/d ${settings}; systemctl restart kubelet`),
};

const argumentsOf = ({ cluster }: Stage) => cluster.client.find('Deployment', { namespace: 'kube-system', name: 'metrics-server' })!.spec.template.spec!.containers[0]!.args as string[];

export const fourLines: ClusterExercise = {
  id: 'diary-1',
  title: '네 줄의 로그',
  kind: 'cluster',
  cluster: { nodes: 5 },
  async start(stage): Promise<Given> {
    const { cluster, kubectl, random } = stage;
    const line = (name: string) => (text: string) => void cluster.machine(name).sh.run(text);
    const names = [...cluster.machines.keys()];
    for (const name of names) line(name)(`echo 'serverTLSBootstrap: true' > ${settings}; systemctl restart kubelet`);
    cluster.advance('10s');
    for (const { metadata } of (await kubectl.json`get csr`).items) await kubectl`certificate approve ${metadata.name}`;
    await kubectl`apply -f ${manifest}`;
    cluster.advance('1m');
    const [{ spec }] = (await kubectl.json`get pods -n kube-system -l k8s-app=metrics-server`).items;
    const others = random.shuffle(names.filter((name) => name !== 'control-plane' && name !== spec.nodeName));
    const broken = Object.fromEntries(causes.map((cause, i): [string, Cause] => [others[i]!, cause]));
    for (const [name, cause] of Object.entries(broken)) breaks[cause](line(name));
    cluster.advance('2m');
    return { broken, nodes: names, arguments: argumentsOf(stage) };
  },
  checks: [
    {
      name: '로그의 네 줄에서 원인을 읽었다',
      points: 3,
      hint: 'kubectl logs -n kube-system deploy/metrics-server의 줄마다 node=가 있다. 기다리다 그만둔 것, 곧바로 거절당한 것, 누구인지 묻고 거절한 것, 서명을 믿지 못한 것은 서로 다른 말이다. 노드의 이름 → 원인을 돌려준다.',
      run: ({ result, given }) => {
        for (const [name, cause] of Object.entries((given as Given).broken)) same(result?.[name], cause, `${name}의 원인`);
        same(Object.keys(result).sort(), Object.keys((given as Given).broken).sort(), '고장 난 노드들');
      },
    },
    {
      name: 'kubectl top node가 모든 노드를 보여 준다',
      points: 3,
      hint: '네 노드를 저마다 다른 손으로 고친다: 규칙을 지우고, 서비스를 켜고, 설정 파일을 되돌리고, 인증서를 클러스터에 요청해 승인한다. 설정 파일은 kubelet이 시작할 때 읽는다.',
      run({ cluster, kubectl, given }) {
        cluster.advance('2m');
        measuredNodes({ cluster, kubectl }, (given as Given).nodes);
      },
    },
    {
      name: '아무것도 믿지 않게 하지 않았다',
      points: 1,
      hint: '--kubelet-insecure-tls는 모든 kubelet을 보지도 않고 믿는 것이고, anonymous는 아무나 들이는 것이다. metrics-server의 옵션은 그대로 두고 고장 난 노드를 고친다.',
      run(after) {
        same(argumentsOf(after), (after.given as Given).arguments, 'metrics-server의 args');
        kubeletsAsTheyWere(after.cluster);
        const answer = after.kubectl.run('top node --no-headers');
        if (answer.code !== 0) wrong('kubectl top node가 아직 답하지 않는다.');
      },
    },
  ],
};
