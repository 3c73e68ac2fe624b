import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createHost } from '../../lib/cluster/index.ts';
import { dispatch, parseComponent } from '../../lib/workloads/components/index.ts';

const host = createHost();
host.sh.run('docker pull -q gcr.io/google_containers/hyperkube:v1.16.7; docker pull -q k8s.gcr.io/hyperkube:v1.18.0');
const run = (words: string, tag = 'v1.16.7') => host.sh.run(`docker run --rm ${tag === 'v1.16.7' ? 'gcr.io/google_containers' : 'k8s.gcr.io'}/hyperkube:${tag} ${words}`);

test('each of the three helps: exit status 0, its own flags, and no container is left', () => {
  const flags = ['kube-apiserver', 'kube-scheduler', 'kube-controller-manager'].map((component) => {
    const { code, stdout } = run(`/hyperkube ${component} --help`);
    assert.is(code, 0);
    assert.match(stdout, `\nUsage:\n  hyperkube ${component} [flags]\n`);
    return [...stdout.matchAll(/^ {2}(?:-\w, | {4})--([\w-]+)/gm)].map(([, name]) => name!);
  });
  const only = ['etcd-servers', 'scheduler-name', 'node-monitor-grace-period'];
  assert.equal(flags.map((names) => only.map((name) => names.includes(name))), [[true, false, false], [false, true, false], [false, false, true]]);
  assert.equal(host.sh.run('docker ps -a -q').stdout, '');
});

test('the file lies at the root, on no PATH; the names of the components are links on it', () => {
  const { code, stderr } = run('hyperkube kube-apiserver --help');
  assert.is(code, 127);
  assert.match(stderr, 'exec: "hyperkube": executable file not found in $PATH');
  assert.match(run('kube-scheduler --help').stdout, '\nUsage:\n  kube-scheduler [flags]\n');
});

test('usage and exit status: the binary of v1.16, the script of v1.18', () => {
  assert.equal([run('/hyperkube').code, run('/hyperkube --help').code, run('/hyperkube kube-api').code], [1, 0, 1]);
  assert.is(run('/hyperkube kube-api').printed, 'Error: unknown command "kube-api" for "hyperkube"\nRun \'hyperkube --help\' for usage.\n');
  assert.equal([run('/hyperkube', 'v1.18.0').code, run('/hyperkube kube-api', 'v1.18.0').code], [0, 0]);
  assert.match(run('/hyperkube kube-api', 'v1.18.0').stdout, /^kube-api: command not supported\nUsage:\n {2}hyperkube \[command\]\n/);
  assert.is(run('/hyperkube scheduler --version').stdout, 'Kubernetes v1.16.7\n');
  assert.equal(run('/hyperkube kube-proxy --etcd-servers=x').printed, 'Error: unknown flag: --etcd-servers\n');
});

test('from v1.19 on there is no such image', () => {
  const { code, stderr } = run('/hyperkube kubelet --help', 'v1.19.0');
  assert.is(code, 125);
  assert.match(stderr, 'manifest for k8s.gcr.io/hyperkube:v1.19.0 not found');
});

test('dispatch: the first word decides', () => {
  assert.equal(dispatch(['apiserver', '--v=2'], { script: false }), { component: 'kube-apiserver', args: ['--v=2'] });
  assert.equal(dispatch(['kubelet'], { script: true }), { component: 'kubelet', args: [] });
  assert.is((dispatch(['apiserver'], { script: true }) as { code: number }).code, 0);
});

test('flags of a component: values together or apart, words are refused', () => {
  const parsed = parseComponent('kube-controller-manager', { args: ['--master=127.0.0.1:8080', '--root-ca-file', '/ca.crt', '--leader-elect'], version: 'v1.16.7' });
  assert.equal('flags' in parsed && [...parsed.flags], [['master', '127.0.0.1:8080'], ['root-ca-file', '/ca.crt'], ['leader-elect', 'true']]);
  assert.equal(parseComponent('kube-controller-manager', { args: ['...'], version: 'v1.16.7' }), { err: 'Error: "kube-controller-manager" does not take any arguments, got ["..."]\n', code: 1 });
});

test.run();
