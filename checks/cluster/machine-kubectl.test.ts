// kubectl typed on a machine: whose kubeconfig it finds, and what each wrong word of it leads to.
// Texts: kubectl v1.20.2 and v1.33, client-go/tools/clientcmd.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createCluster } from '../../lib/index.ts';

const test = suite('machine kubectl');
const refused = 'The connection to the server localhost:8080 was refused - did you specify the right host or port?\n';

function desk(version?: string) {
  const cluster = createCluster({ nodes: 1, ...(version && { version }) });
  const machine = cluster.machine('control-plane');
  machine.sh.run('useradd -m -G sudo byeon');
  const run = (line: string, user = 'byeon'): [number, string] => {
    const { code, printed } = machine.login(user).run(line);
    return [code, printed];
  };
  const three = () => run('mkdir -p $HOME/.kube; sudo cp -i /etc/kubernetes/admin.conf $HOME/.kube/config; sudo chown $(id -u):$(id -g) $HOME/.kube/config');
  /** With one word of the kubeconfig changed. */
  const changed = (from: string, to: string) => run(`sed s,${from},${to}, .kube/config > other; kubectl --kubeconfig other get nodes -o name`);
  return { cluster, machine, run, three, changed };
}

const nodes = 'node/control-plane\nnode/worker-1\n';

test('the three commands, each of them missing once', () => {
  const { run, three } = desk();
  assert.equal(run('kubectl get nodes'), [1, refused]);
  assert.equal(run('sudo cp -i /etc/kubernetes/admin.conf $HOME/.kube/config')[0], 1);
  assert.equal(run('mkdir -p $HOME/.kube; cp -i /etc/kubernetes/admin.conf $HOME/.kube/config; kubectl get nodes')[1].endsWith(refused), true);
  assert.equal(run('sudo cp -i /etc/kubernetes/admin.conf $HOME/.kube/config; kubectl get nodes'), [1, 'error: error loading config file "/home/byeon/.kube/config": open /home/byeon/.kube/config: permission denied\n']);
  three();
  assert.equal(run('kubectl get nodes -o name'), [0, nodes]);
});

test('sudo has another HOME', () => {
  const { run, three } = desk();
  three();
  assert.equal(run('sudo kubectl get nodes -o name'), [1, refused]);
  for (const line of ['sudo kubectl --kubeconfig=$HOME/.kube/config', 'sudo KUBECONFIG=$HOME/.kube/config kubectl', 'sudo -E kubectl', 'sudo KUBECONFIG=/etc/kubernetes/admin.conf kubectl']) assert.equal(run(`${line} get nodes -o name`), [0, nodes], line);
  assert.match(run('KUBECONFIG=/tmp/none kubectl get nodes')[1], /^W0101 00:00:0\d\.\d{6} {3}1\d{4} loader\.go:223\] Config not found: \/tmp\/none\nThe connection to the server localhost:8080 was refused/);
  assert.equal(run('kubectl --kubeconfig /tmp/none get nodes'), [1, 'error: stat /tmp/none: no such file or directory\n']);
  assert.equal(run('KUBECONFIG=/etc/kubernetes/admin.conf kubectl get nodes'), [1, 'error: error loading config file "/etc/kubernetes/admin.conf": open /etc/kubernetes/admin.conf: permission denied\n']);
});

test('a wrong address: nobody listens, nobody is there, or it is none of the certificate', () => {
  const { cluster, changed, three } = desk();
  three();
  assert.equal(changed('10.0.0.10', '10.0.0.11'), [1, 'The connection to the server 10.0.0.11:6443 was refused - did you specify the right host or port?\n']);
  const before = Date.parse(cluster.now);
  assert.equal(changed('10.0.0.10', '198.168.0.17'), [1, 'Unable to connect to the server: dial tcp 198.168.0.17:6443: i/o timeout\n']);
  assert.ok(Date.parse(cluster.now) - before >= 30_000);
  assert.equal(changed('10.0.0.10', '127.0.0.1'), [1, 'Unable to connect to the server: tls: failed to verify certificate: x509: certificate is valid for 10.96.0.1, 10.0.0.10, not 127.0.0.1\n']);
  assert.equal(changed('10.0.0.10', 'nowhere'), [1, 'Unable to connect to the server: dial tcp: lookup nowhere: no such host\n']);
});

test('another authority, or another signature', () => {
  const { run, three } = desk('v1.20');
  three();
  const broken = (field: string, text: string) => run(`sed 's,${field}: .*,${field}: ${btoa(text)},' .kube/config > other; kubectl --kubeconfig other get nodes -o name`);
  const authority = (words: object) => `-----BEGIN CERTIFICATE-----\n${btoa(JSON.stringify(words))}\n-----END CERTIFICATE-----\n`;
  assert.equal(broken('certificate-authority-data', authority({ issuer: 'kubernetes', subject: 'kubernetes', publicKey: 'older' })), [1, 'Unable to connect to the server: x509: certificate signed by unknown authority (possibly because of "crypto/rsa: verification error" while trying to verify candidate authority certificate "kubernetes")\n']);
  assert.equal(broken('client-certificate-data', authority({ issuer: 'somebody', subject: 'kubernetes-admin', organization: 'system:masters' })), [1, 'error: You must be logged in to the server (Unauthorized)\n']);
  assert.match(broken('client-certificate-data', authority({ issuer: 'kubernetes', subject: 'jane' }))[1], /Forbidden.*User "jane" cannot list resource "nodes"/);
});

test('files lie on the machine, and a namespace that is set is kept there', () => {
  const { cluster, run, three } = desk();
  three();
  run(`mkdir web; cat > web/pod.yaml <<EOF
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
  - name: web
    image: nginx
EOF`);
  assert.equal(run('kubectl config set-context --current --namespace=kube-system; kubectl apply -f web; cat web/pod.yaml | kubectl apply -n kube-system -f -'), [0, 'Context "kubernetes-admin@kubernetes" modified.\npod/web created\npod/web unchanged\n']);
  assert.match(run('grep namespace .kube/config')[1], 'namespace: kube-system');
  assert.ok(cluster.client.find('Pod', { namespace: 'kube-system', name: 'web' }));
  assert.equal(run('kubectl -apply -f web')[0], 1);
});

test('a firewall in front of the port', () => {
  const { cluster, run, three } = desk();
  three();
  run('sudo cp .kube/config /tmp/admin; sudo chmod 644 /tmp/admin');
  const worker = cluster.machine('worker-1');
  const text = cluster.machine('control-plane').files.read('/tmp/admin')!;
  worker.files.write('/tmp/admin', text);
  assert.is(worker.sh.text`kubectl --kubeconfig /tmp/admin get nodes -o name`, nodes);
  cluster.fault.blockPort('control-plane', 6443);
  assert.is(worker.sh.text`kubectl --kubeconfig /tmp/admin get nodes`, 'Unable to connect to the server: dial tcp 10.0.0.10:6443: i/o timeout\n');
  assert.equal(run('kubectl get nodes -o name'), [0, nodes]);
});

test.run();
