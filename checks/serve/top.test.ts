// kubectl top of the real kubectl and of our own, over the same cluster at the same moment.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Cluster, createCluster } from '../../lib/cluster/index.ts';
import { serve } from '../../lib/serve/index.ts';
import { kubectls, realKubectl } from './real-kubectl.ts';

const latest = 'https://github.com/kubernetes-sigs/metrics-server/releases/latest/download/components.yaml';
const insecure = JSON.stringify([{ op: 'add', path: '/spec/template/spec/containers/0/args/-', value: '--kubelet-insecure-tls' }]);
/** Nothing passes between two commands. */
const still = { speed: 1, catchUp() {}, soon() {}, onMove: () => () => {}, stop() {} };

const always = ['top node', 'top pod', 'top node worker-1', 'top pod nope'];
const numbers = ['top pod -A', 'top node nope', 'top pod -n empty', 'top pod --containers --sum', 'top pod fresh', 'get podmetrics', 'api-resources --api-group=metrics.k8s.io'];
const wrong = ['top pod --sort-by=disk', 'top pod a b', 'top node -l a=b worker-1', 'top pod --field-selector=metadata.name=x y', 'top pod -l a=b=c', 'top node --containers'];
/** For one release: each run of kubectl takes its time. */
const flags = ['top node --sort-by=cpu', 'top node --sort-by=memory --no-headers', 'top node -l node-role.kubernetes.io/control-plane', 'top node -l nothing=here', 'top node --show-capacity', 'top node worker-2 --use-protocol-buffers=false', 'top pod --containers', 'top pod --containers --sum -A', 'top pod --sum', 'top pod -n kube-system', 'top pod -l app=web', 'top pod -l app=none', 'top pod -A --sort-by=cpu', 'top pod --sort-by=memory --no-headers', 'top pod --field-selector=metadata.name=fresh', 'top pod redis --containers', 'get nodemetrics worker-1', 'get pods.metrics.k8s.io -A', 'get nodes.metrics.k8s.io -o name', 'get podmetrics nope', 'explain podmetrics.containers', 'get apiservice v1beta1.metrics.k8s.io'];

const own = ({ kubectl }: Cluster, line: string) => kubectl.text([line] as unknown as TemplateStringsArray);
/** How a release words it is its own: what a hint says is ours. */
const plain = (text: string) => text.replace(/^# .*\n/gm, '').replace(/^See '.*' for help and examples\.?\n/gm, '');

for (const { name, path } of kubectls) {
  test(name, async () => {
    const cluster = createCluster({ nodes: 2, version: name < 'v1.33' ? name : 'v1.33', start: Math.floor(Date.now() / 1000) * 1000 - 170_000 });
    const serving = await serve(cluster, { port: 0, time: still });
    const compare = async (lines: readonly string[]) => {
      // A new one has no discovery of before in its cache.
      const kubectl = realKubectl(path, serving);
      for (const line of lines) {
        const { code, stdout, stderr } = await kubectl.run(line);
        const [ours, theirs] = [plain(own(cluster, line)), plain(code === 0 ? stdout : stderr)];
        if (ours !== theirs) differences.push(`$ ${line}\n${ours}--- but kubectl says\n${theirs}`);
      }
    };
    const differences: string[] = [];
    try {
      own(cluster, 'create deployment web --image=nginx --replicas=2');
      own(cluster, 'run redis --image=redis');
      await compare(name === 'v1.32' ? [...always, ...wrong] : ['top node']);
      own(cluster, `apply -f ${latest}`);
      cluster.advance('60s');
      await compare(always);
      cluster.kubectl.text`patch deployment metrics-server -n kube-system --type=json -p ${insecure}`;
      cluster.advance('90s');
      own(cluster, 'run fresh --image=nginx');
      cluster.fault.powerOff('worker-2');
      await compare([...always, ...numbers, ...(name === 'v1.32' ? flags : [])]);
      cluster.advance('60s');
      await compare(['top node']);
      assert.is(differences.join('\n'), '');
    } finally {
      await serving.close();
    }
  });
}

if (kubectls.length === 0) {
  console.log('NOTE no kubectl in .kubectl: only .ci/run fetches them');
  test.skip('kubectl top beside the real one', () => {});
}
test.run();
