// A control plane of unit files on one host: that of the notes, as it was written and as it works.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createHost, type DockerHost } from '../../lib/cluster/index.ts';

const etcd = `[Unit]
Description=etcd
[Service]
Type=notify
ExecStart=/opt/bin/etcd --data-dir=/var/lib/etcd --listen-client-urls=http://127.0.0.1:2379 --advertise-client-urls=http://127.0.0.1:2379
`;
const apiserver = (flags = '') => `[Unit]
Description=Kubernetes API Server
Requires=etcd.service
After=etcd.service
[Service]
Type=notify
ExecStart=/opt/bin/kube-apiserver --etcd-servers=http://127.0.0.1:2379 ${flags}
`;
/** As the notes have it: two lines in one, a step that fetches the program, the port without TLS. */
const notes = (more = '') => `[Unit]
Description=Kubernetes Controller Manager Documentation=https://github.com/kubernetes/kubernetes
Requires=kube-apiserver.service
After=kube-apiserver.service
[Service]
ExecStartPre=/usr/bin/curl -L -o /opt/bin/kube-controller-manager -z /opt/bin/kube-controller-manager https://storage.googleapis.com/kubernetes-release/release/v1.7.6/bin/linux/amd64/kube-controller-manager
ExecStartPre=/usr/bin/chmod +x /opt/bin/kube-controller-manager
ExecStart=/opt/bin/kube-controller-manager \\
  --service-account-private-key-file=/opt/bin/kube-serviceaccount.key \\
  --root-ca-file=/var/run/kubernetes/apiserver.crt \\
  --master=127.0.0.1:8080 \\
${more}`;

function hostOf(version: string, units: Record<string, string>): DockerHost {
  const host = createHost({ name: 'master' });
  const run = (line: string) => assert.is(host.sh.run(line).code, 0, line);
  run('mkdir -p /opt/bin && curl -sLo etcd.tar.gz https://github.com/coreos/etcd/releases/download/v3.3.9/etcd-v3.3.9-linux-amd64.tar.gz && tar xzf etcd.tar.gz && cp etcd-v3.3.9-linux-amd64/etcd /opt/bin/ && chmod +x /opt/bin/etcd');
  run(`curl -sSfLo /opt/bin/kube-apiserver https://dl.k8s.io/release/${version}/bin/linux/amd64/kube-apiserver && chmod +x /opt/bin/kube-apiserver`);
  host.file('/opt/bin/kube-serviceaccount.key', 'key\n');
  for (const [name, text] of Object.entries(units)) host.file(`/etc/systemd/system/${name}.service`, text);
  return host;
}
const states = (host: DockerHost, ...names: string[]) => names.map((name) => host.sh.run(`systemctl is-active ${name}`).stdout.trim());
const said = (host: DockerHost, unit: string) => host.sh.run(`journalctl -u ${unit} -o cat`).stdout;
const deployment = JSON.stringify({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: { replicas: 2, selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx' }] } } } });
const create = `curl -s -o /dev/null -w '%{http_code}' -X POST -H 'Content-Type: application/json' -d '${deployment}' http://127.0.0.1:8080/apis/apps/v1/namespaces/default/deployments`;
const pods = (host: DockerHost) => (JSON.parse(host.sh.run('curl -s http://127.0.0.1:8080/api/v1/namespaces/default/pods').stdout) as { items: unknown[] }).items.length;

test('the unit of the notes: what it requires comes first, the step before fetches the program, and the controllers work', () => {
  const host = hostOf('v1.13.0', { etcd, 'kube-apiserver': apiserver(), 'kube-controller-manager': notes('  --v=2\n') });
  assert.equal(host.sh.run('systemctl start kube-controller-manager').stderr, '');
  assert.equal(host.machine.systemd.journal.entries.filter(({ text }) => text.startsWith('Started')).map(({ unit }) => unit), ['etcd.service', 'kube-apiserver.service', 'kube-controller-manager.service']);
  assert.match(host.sh.run('ps aux').stdout, /\/opt\/bin\/kube-controller-manager --service-account-private-key-file=\/opt\/bin\/kube-serviceaccount\.key --root-ca-file=\/var\/run\/kubernetes\/apiserver\.crt --master=127\.0\.0\.1:8080 --v=2$/m);
  host.advance('5s');
  assert.is(host.sh.run(create).stdout, '201');
  host.advance('5s');
  assert.is(pods(host), 2);
  // Its description has swallowed the documentation.
  const status = host.sh.run('systemctl status kube-controller-manager').stdout;
  assert.match(status, 'kube-controller-manager.service - Kubernetes Controller Manager Documentation=https://github.com/kubernetes/kubernetes\n');
  assert.not.match(status, 'Docs:');
  host.sh.run('systemctl stop kube-apiserver');
  assert.equal(states(host, 'etcd', 'kube-apiserver', 'kube-controller-manager'), ['active', 'inactive', 'inactive']);
});

test('the three dots at its end are a word, and the program takes none', () => {
  const host = hostOf('v1.13.0', { etcd, 'kube-apiserver': apiserver(), 'kube-controller-manager': notes('...\n') });
  host.sh.run('systemctl start kube-controller-manager');
  host.advance('5s');
  assert.equal(states(host, 'kube-controller-manager'), ['failed']);
  assert.match(said(host, 'kube-controller-manager'), 'Error: "kube-controller-manager" does not take any arguments, got ["..."]');
});

test('without an API server it gives up after ten seconds, and nobody starts it again: the unit says no Restart=', () => {
  const host = hostOf('v1.13.0', { 'kube-controller-manager': notes('  --v=2\n').replace(/(Requires|After)=.*\n/g, '') });
  host.file('/var/run/kubernetes/apiserver.crt', 'crt\n');
  host.sh.run('systemctl start kube-controller-manager');
  assert.equal(states(host, 'kube-controller-manager'), ['active']);
  host.advance('15s');
  assert.equal(states(host, 'kube-controller-manager'), ['failed']);
  assert.match(said(host, 'kube-controller-manager'), 'Get "http://127.0.0.1:8080/healthz?timeout=32s": dial tcp 127.0.0.1:8080: connect: connection refused\nkube-controller-manager.service: Main process exited, code=exited, status=255/EXCEPTION');
});

test('from v1.20 on there is no port without TLS: a kubeconfig leads to 6443', () => {
  const flags = '--service-account-issuer=https://kubernetes.default.svc --service-account-signing-key-file=/opt/bin/kube-serviceaccount.key';
  const host = hostOf('v1.20.2', { etcd, 'kube-apiserver': apiserver(), 'kube-controller-manager': notes('  --v=2\n') });
  assert.is(host.sh.run('systemctl start kube-apiserver').code, 1);
  assert.match(said(host, 'kube-apiserver'), '[service-account-issuer is a required flag, --service-account-signing-key-file and --service-account-issuer are required flags]');
  host.file('/etc/systemd/system/kube-apiserver.service', apiserver(`${flags} --insecure-port=8080`));
  host.sh.run('systemctl daemon-reload; systemctl start kube-apiserver');
  assert.match(said(host, 'kube-apiserver'), 'invalid port value 8080: only zero is allowed');
  host.file('/etc/systemd/system/kube-apiserver.service', apiserver(flags));
  host.sh.run('systemctl daemon-reload; systemctl start kube-controller-manager');
  host.advance('15s');
  assert.equal(states(host, 'kube-apiserver', 'kube-controller-manager'), ['active', 'failed']);
  host.file('/opt/bin/controller-manager.conf', 'apiVersion: v1\nkind: Config\nclusters:\n- name: local\n  cluster:\n    server: https://127.0.0.1:6443\n    insecure-skip-tls-verify: true\n');
  host.file('/etc/systemd/system/kube-controller-manager.service', notes('  --v=2\n').replace('--master=127.0.0.1:8080', '--kubeconfig=/opt/bin/controller-manager.conf').replace('v1.7.6', 'v1.20.2'));
  host.sh.run('systemctl daemon-reload; systemctl start kube-controller-manager');
  host.advance('15s');
  assert.equal(states(host, 'kube-controller-manager'), ['active']);
  assert.match(host.sh.run('curl -sk https://127.0.0.1:6443/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-controller-manager').stdout, /"holderIdentity": ?"master_/);
});

test('the data outlive etcd and the API server', () => {
  const host = hostOf('v1.13.0', { etcd, 'kube-apiserver': apiserver(), 'kube-controller-manager': notes('  --v=2\n') });
  host.sh.run('systemctl start kube-controller-manager');
  host.advance('5s');
  host.sh.run(create);
  host.advance('5s');
  host.sh.run('systemctl stop etcd');
  assert.is(host.sh.run('curl -s http://127.0.0.1:8080/healthz').code, 7);
  host.sh.run('systemctl start kube-controller-manager');
  host.advance('20s');
  assert.is(pods(host), 2);
});

test('without its key the controller manager does not start', () => {
  const host = hostOf('v1.13.0', { etcd, 'kube-apiserver': apiserver(), 'kube-controller-manager': notes('  --v=2\n') });
  host.sh.run('rm /opt/bin/kube-serviceaccount.key; systemctl start kube-controller-manager');
  host.advance('5s');
  assert.equal(states(host, 'kube-controller-manager'), ['failed']);
  assert.match(said(host, 'kube-controller-manager'), 'open /opt/bin/kube-serviceaccount.key: no such file or directory');
});

test.run();
