// Machines on which kubeadm makes a cluster that lives: static pods, TLS bootstrap, a network plug-in, reset.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createMachines, type Machines } from '../../lib/index.ts';

const test = suite('machines');

const flannel = 'https://raw.githubusercontent.com/coreos/flannel/master/Documentation/kube-flannel.yml';
const admin = 'export KUBECONFIG=/etc/kubernetes/admin.conf; ';

function machines(names = ['m-k8s', 'w1-k8s']) {
  const lab = createMachines({ names });
  const on = (name: string) => (line: string) => lab.machine(name).sh.run(line);
  return { lab, master: on('m-k8s'), worker: on('w1-k8s'), kubectl: (words: string) => lab.machine('m-k8s').sh.run(`${admin}kubectl ${words}`).printed };
}

/** One control plane, made with flannel's range. */
function started() {
  const all = machines();
  const { code, printed } = all.master('kubeadm init --pod-network-cidr=10.244.0.0/16');
  assert.is(code, 0, printed);
  return { ...all, printed };
}

const joinLine = (lab: Machines) => lab.machine('m-k8s').sh.run('kubeadm token create --print-join-command').stdout.trim();
const statuses = (lab: Machines) => lab.cluster.client.list('Node').items.map(({ metadata, status }) => [metadata.name, status.conditions!.find(({ type }) => type === 'Ready')!.status]);
const podOf = (lab: Machines, name: string) => lab.cluster.client.get('Pod', { namespace: 'kube-system', name });

test('before init the kubelet fails again and again, and there is nobody to ask', () => {
  const { lab, master } = machines();
  lab.advance('25s');
  assert.match(master('systemctl status kubelet').stdout, 'activating (auto-restart) (Result: exit-code)');
  assert.is(master('kubectl get nodes').stderr, 'The connection to the server localhost:8080 was refused - did you specify the right host or port?\n');
  assert.throws(() => lab.cluster, /kubeadm init/);
});

test('init ends in a control plane of static pods, which the API shows as mirror pods', () => {
  const { lab, master, printed } = started();
  assert.match(printed, /\[apiclient\] All control plane components are healthy after \d+\.\d{6} seconds/);
  assert.match(printed, 'Your Kubernetes control-plane has initialized successfully!');
  lab.advance('30s');
  for (const name of ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler']) {
    const { metadata, status } = podOf(lab, `${name}-m-k8s`);
    assert.equal([metadata.ownerReferences![0]!.kind, status.phase, status.containerStatuses![0]!.ready], ['Node', 'Running', true], name);
  }
  assert.equal(statuses(lab), [['m-k8s', 'False']]);
  assert.equal(lab.cluster.client.list('Pod', { namespace: 'kube-system', labelSelector: 'k8s-app=kube-dns' }).items.map(({ status }) => status.phase), ['Pending', 'Pending']);
  // Without a kubeconfig, then with the three commands of the farewell.
  assert.match(master('kubectl get nodes').stderr, 'localhost:8080 was refused');
  master('mkdir -p $HOME/.kube; sudo cp -i /etc/kubernetes/admin.conf $HOME/.kube/config; sudo chown $(id -u):$(id -g) $HOME/.kube/config');
  assert.match(master('kubectl get nodes').stdout, /m-k8s +NotReady +control-plane,master/);
});

test('a machine joins with a token, and a network plug-in makes the nodes ready', () => {
  const { lab, worker, kubectl } = started();
  const line = joinLine(lab);
  lab.advance('5s');
  const { code, printed } = worker(line);
  assert.is(code, 0, printed);
  assert.match(printed, 'This node has joined the cluster:');
  assert.match(kubectl('get csr'), /kubernetes.io\/kube-apiserver-client-kubelet +system:bootstrap:\w{6} +Approved,Issued/);
  assert.equal(statuses(lab), [['m-k8s', 'False'], ['w1-k8s', 'False']]);
  assert.match(kubectl(`apply -f ${flannel}`), 'daemonset.apps/kube-flannel-ds created');
  lab.advance('60s');
  assert.equal(statuses(lab), [['m-k8s', 'True'], ['w1-k8s', 'True']]);
  kubectl('create deployment web --image=nginx --replicas=2');
  kubectl('expose deployment web --port=80');
  lab.advance('30s');
  const { clusterIP } = lab.cluster.client.get('Service', { namespace: 'default', name: 'web' }).spec;
  assert.match(worker(`curl -s ${clusterIP}`).stdout, 'Welcome to nginx!');
  assert.ok(lab.cluster.client.list('Pod', { namespace: 'default' }).items.every(({ status }) => status.podIP!.startsWith('10.244.1.')));
});

test('without a range for pods flannel says what is missing, and pods get no address', () => {
  const { lab, master, worker, kubectl } = machines();
  master('kubeadm init');
  worker(joinLine(lab));
  kubectl(`apply -f ${flannel}`);
  lab.advance('60s');
  const { items } = lab.cluster.client.list('Pod', { namespace: 'kube-system', labelSelector: 'app=flannel' });
  assert.match(kubectl(`logs -n kube-system ${items[0]!.metadata.name}`), /Error registering network: failed to acquire lease: node "[mw1]+-k8s" pod cidr not assigned/);
  assert.match(kubectl('get events -n kube-system'), 'open /run/flannel/subnet.env: no such file or directory');
});

test('a second control plane is refused, until the first is taken down', () => {
  const { lab, master, worker } = started();
  const { code, stderr } = worker('kubeadm init');
  assert.equal([code, /m-k8s에서 만든 클러스터가 이미 있고/.test(stderr), /kubeadm token create --print-join-command/.test(stderr)], [1, true, true]);
  assert.is(worker('kubeadm init --help').code, 0);
  assert.equal(statuses(lab).map(([name]) => name), ['m-k8s']);
  assert.is(master('kubeadm reset -f').code, 0);
  lab.advance('1m');
  const again = worker('kubeadm init');
  assert.is(again.code, 0, again.printed);
  lab.advance('30s');
  assert.equal(statuses(lab).map(([name]) => name), ['w1-k8s']);
});

test('an address that the machine does not have: etcd cannot listen there, and init gives up', () => {
  const { lab, master } = machines(['m-k8s']);
  const { code, printed } = master('kubeadm init --apiserver-advertise-address=198.168.0.17');
  assert.is(code, 1);
  assert.match(printed, /timed out waiting for the condition/);
  assert.throws(() => lab.cluster, /kubeadm init/);
});

test.run();
