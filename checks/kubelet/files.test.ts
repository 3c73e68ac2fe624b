// The files, users and variables that a container finds beside its volumes.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { setUp, shell } from './node.ts';

const test = suite('kubelet: files of a container');

type Node = ReturnType<typeof setUp>;
function inPod(c: Node, name: string, script: string): string {
  const { stdout, stderr } = c.nodes[0]!.kubelet.handlers.exec(c.pod(name), 'main', ['sh', '-c', script]);
  return stdout + stderr;
}
function running(spec: object, { version = 'v1.33' } = {}): Node {
  const c = setUp({ version });
  c.run('web', spec as never);
  c.advance('10s');
  return c;
}

test('/etc/hosts with aliases, /etc/hostname, /etc/resolv.conf by policy', () => {
  const c = running(shell('sleep 1000', {}, { hostname: 'box', subdomain: 'sub', hostAliases: [{ ip: '1.2.3.4', hostnames: ['foo', 'bar'] }], dnsConfig: { nameservers: ['9.9.9.9'], searches: ['my.org'], options: [{ name: 'ndots', value: '2' }, { name: 'edns0' }] } }));
  const ip = c.pod('web').status.podIP;
  assert.match(inPod(c, 'web', 'cat /etc/hosts'), `# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n`);
  assert.match(inPod(c, 'web', 'tail -5 /etc/hosts'), `${ip}\tbox.sub.default.svc.cluster.local\tbox\n\n# Entries added by HostAliases.\n1.2.3.4\tfoo\tbar\n`);
  assert.is(inPod(c, 'web', 'cat /etc/hostname'), 'box\n');
  assert.is(inPod(c, 'web', 'cat /etc/resolv.conf'), 'search default.svc.cluster.local svc.cluster.local cluster.local my.org\nnameserver 10.96.0.10\nnameserver 9.9.9.9\noptions ndots:2 edns0\n');
  const host = running(shell('sleep 1000', {}, { hostNetwork: true }), { version: 'v1.20' });
  assert.match(inPod(host, 'web', 'cat /etc/hosts'), '# Kubernetes-managed hosts file (host network).\n127.0.0.1\tlocalhost\n10.0.0.2\tnode-1\n');
  assert.is(inPod(host, 'web', 'hostname; cat /etc/resolv.conf'), 'node-1\nnameserver 8.8.8.8\n');
});

test('the termination message: from its file, and with an error from the log', () => {
  const c = setUp();
  const once = (name: string, script: string, more: object = {}) => c.run(name, { restartPolicy: 'Never', ...shell(script, more) } as never);
  once('file', 'echo -n DONE > /dev/termination-log; exit 1');
  once('own', 'echo here > /tmp/bye', { terminationMessagePath: '/tmp/bye' });
  once('log', 'echo one; echo -n two; exit 1', { terminationMessagePolicy: 'FallbackToLogsOnError' });
  once('well', 'echo one', { terminationMessagePolicy: 'FallbackToLogsOnError' });
  c.advance('10s');
  const message = (name: string) => c.pod(name).status.containerStatuses![0]!.state!.terminated!.message;
  assert.equal(['file', 'own', 'log', 'well'].map(message), ['DONE', 'here\n', 'one\ntwo', undefined]);
});

test('who runs it: refused as root, read-only roots, capabilities', () => {
  const c = setUp();
  c.run('root', shell('sleep 1000', { securityContext: { runAsNonRoot: true } }) as never);
  c.run('ro', shell('sleep 1000', { securityContext: { readOnlyRootFilesystem: true } }) as never);
  c.run('caps', shell('sleep 1000', { securityContext: { capabilities: { add: ['NET_ADMIN', 'SYS_TIME'] } } }) as never);
  c.run('user', shell('sleep 1000', { securityContext: { runAsUser: 1000, allowPrivilegeEscalation: false } }) as never);
  c.advance('10s');
  assert.match(c.pod('root').status.containerStatuses![0]!.state!.waiting!.message!, /^container has runAsNonRoot and image will run as root \(pod: "root_default\(/);
  assert.is(c.pod('root').status.containerStatuses![0]!.state!.waiting!.reason, 'CreateContainerConfigError');
  assert.is(inPod(c, 'ro', 'touch /f'), 'touch: /f: Read-only file system\n');
  assert.is(inPod(c, 'caps', 'grep CapPrm /proc/1/status; ip link add dummy0 type dummy && echo fine'), 'CapPrm:\t00000000aa0435fb\nfine\n');
  assert.is(inPod(c, 'ro', 'grep CapPrm /proc/1/status; ip link add dummy0 type dummy'), 'CapPrm:\t00000000a80425fb\nip: RTNETLINK answers: Operation not permitted\n');
  assert.is(inPod(c, 'user', 'grep -e CapEff -e NoNew /proc/1/status; echo $HOME'), 'CapEff:\t0000000000000000\nNoNewPrivs:\t1\n/\n');
});

test('system calls are looked at when the pod or the container says so', () => {
  const c = setUp();
  const [looked, free] = [{ seccompProfile: { type: 'RuntimeDefault' } }, { seccompProfile: { type: 'Unconfined' } }];
  c.run('plain', shell('sleep 1000') as never);
  c.run('pod', shell('sleep 1000', {}, { securityContext: looked }) as never);
  c.run('container', shell('sleep 1000', { securityContext: free }, { securityContext: looked }) as never);
  c.advance('10s');
  assert.equal(['plain', 'pod', 'container'].map((name) => inPod(c, name, 'grep Seccomp /proc/self/status')), ['Seccomp:\t0\n', 'Seccomp:\t2\n', 'Seccomp:\t0\n']);
});

test('names that are no variables are skipped, and said, while they were refused', () => {
  for (const version of ['v1.20', 'v1.33']) {
    const c = setUp({ version });
    c.client.create({ kind: 'ConfigMap', metadata: { name: 'conf' }, data: { '1bad': 'x', good: 'y', 'with.dot': 'z' } });
    c.run('web', shell('sleep 1000', { envFrom: [{ prefix: '', configMapRef: { name: 'conf' } }, { prefix: 'P_', configMapRef: { name: 'conf' } }] }) as never);
    c.advance('10s');
    assert.is(inPod(c, 'web', 'printenv good with.dot P_1bad'), 'y\nz\nx\n');
    const told = c.events('web').filter((text) => text.startsWith('InvalidEnvironment'));
    assert.equal(told, version === 'v1.20' ? ['InvalidEnvironmentVariableNames: Keys [1bad] from the EnvFrom configMap default/conf were skipped since they are considered invalid environment variable names.'] : []);
  }
});

test('a working directory that is not in the image is made', () => {
  const c = running(shell('pwd; sleep 1000', { workingDir: '/srv/app' }));
  assert.is(inPod(c, 'web', 'pwd; touch here; ls /srv/app'), '/srv/app\nhere\n');
});

test('hooks over HTTP reach another pod before the container ends', () => {
  const c = setUp();
  c.run('target', { containers: [{ name: 'main', image: 'registry.k8s.io/e2e-test-images/agnhost:2.21', args: ['netexec'] }] } as never);
  c.advance('10s');
  const hook = (msg: string) => ({ httpGet: { host: c.pod('target').status.podIP, port: 8080, path: `/echo?msg=${msg}` } });
  c.run('web', shell('sleep 1000', { lifecycle: { postStart: hook('hello'), preStop: hook('bye') } }) as never);
  c.advance('10s');
  c.remove('web');
  c.advance('40s');
  const log = c.nodes[0]!.kubelet.handlers.logs(c.pod('target'), 'main');
  assert.match(log, /GET \/echo\?msg=hello\n[^]*GET \/echo\?msg=bye\n/);
});

test.run();
