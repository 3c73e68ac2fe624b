// A shell on a machine, and etcdctl on the control plane's. Texts: etcdctl 3.4.23 against an etcd that demands certificates.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createCluster } from '../../lib/index.ts';

const test = suite('machine shell');
const dir = '/etc/kubernetes/pki/etcd';
const tls = `--cacert=${dir}/ca.crt --cert=${dir}/server.crt --key=${dir}/server.key`;

function onControlPlane(options: Parameters<typeof createCluster>[0] = { nodes: 0 }) {
  const cluster = createCluster(options);
  const { sh } = cluster.machine('control-plane');
  const run = (line: string): [number, string] => {
    const { code, printed } = sh.run(line);
    return [code, printed];
  };
  return { cluster, sh, run };
}

test('files of the machine, pipes, and a history', async () => {
  const { cluster, sh, run } = onControlPlane({ nodes: 1 });
  assert.equal(run('hostname; echo one > /tmp/a; cat /tmp/a | tr -d x 2>/dev/null || wc -l /tmp/a'), [0, 'control-plane\none\n']);
  assert.is(cluster.machine('control-plane').files.read('/tmp/a'), 'one\n');
  assert.equal(run('nope'), [127, 'sh: nope: not found\n']);
  assert.equal(sh.history.map(({ code }) => code), [0, 127]);
  assert.is(await cluster.machine('worker-1').sh.text`hostname; ls /etc/kubernetes/pki`, 'worker-1\nca.crt\n');
  assert.equal(cluster.machine('worker-1').sh.run('etcdctl version').code, 127);
});

test('without its certificates etcd does not answer, and etcdctl says little', () => {
  const { cluster, run } = onControlPlane();
  const late: [number, string] = [1, 'Error: context deadline exceeded\n'];
  const begun = cluster.loop.clock.now;
  assert.equal(run('etcdctl get / --prefix --keys-only'), late);
  assert.is(Math.round((cluster.loop.clock.now - begun) / 1000), 5);
  assert.equal(run(`etcdctl --cacert=${dir}/ca.crt get / --prefix`), late);
  assert.equal(run(`etcdctl ${tls} --endpoints=http://127.0.0.1:2379 get / --prefix`), late);
  assert.equal(run(`etcdctl ${tls} --endpoints=127.0.0.1:2399 get / --prefix`), late);
  const other = '/etc/kubernetes/pki';
  assert.equal(run(`etcdctl --cacert=${other}/ca.crt --cert=${other}/apiserver.crt --key=${other}/apiserver.key get / --prefix`), late);
  assert.equal(run(`etcdctl --cacert=${dir}/none.crt get /`), [128, `Error: open ${dir}/none.crt: no such file or directory\n`]);
  assert.equal(run(`etcdctl --cacert=${dir}/ca.crt --cert=${dir}/server.crt get /`), [128, `Error: KeyFile and CertFile must both be present[key: , cert: ${dir}/server.crt]\n`]);
  assert.equal(run(`etcdctl --cacert=${dir}/ca.crt --cert=${dir}/server.crt --key=${dir}/peer.key get /`), [128, 'Error: tls: private key does not match public key\n']);
  assert.equal(run('etcdctl endpoint health'), [1, '127.0.0.1:2379 is unhealthy: failed to commit proposal: context deadline exceeded\nError: unhealthy cluster\n']);
  cluster.fault.crash('etcd');
  assert.equal(run(`etcdctl ${tls} get / --prefix`), late);
});

test('wrong words', () => {
  const { run } = onControlPlane();
  assert.equal(run(`etcdctl ${tls} get / --prefix -keys-only`), [1, "Error: unknown shorthand flag: 'k' in -keys-only\n"]);
  assert.equal(run(`etcdctl ${tls} get / --nope`), [1, 'Error: unknown flag: --nope\n']);
  assert.equal(run('etcdctl ls /'), [1, 'Error: unknown command "ls" for "etcdctl"\n']);
  assert.equal(run(`etcdctl ${tls} get`), [128, 'Error: get command needs one argument as key and an optional argument as range_end\n']);
  assert.equal(run(`etcdctl ${tls} get a b --prefix`), [128, 'Error: too many arguments, only accept one argument when `--prefix` or `--from-key` is set\n']);
  assert.equal(run(`etcdctl ${tls} get / --prefix -w table`), [4, 'Error: table not supported as output format\n']);
  assert.equal(run(`etcdctl ${tls} get / --rev=99999`), [1, 'Error: etcdserver: mvcc: required revision is a future revision\n']);
  assert.match(run('ETCDCTL_API=2 etcdctl ls / --recursive')[1], /^Error: {2}client: etcd cluster is unavailable or misconfigured; error #0: dial tcp 127\.0\.0\.1:4001: connect: connection refused\n/);
  assert.equal(run(`ETCDCTL_API=2 etcdctl ${tls} ls /`), [1, 'Incorrect Usage. flag provided but not defined: -cacert\n']);
});

test('keys, values, revisions', () => {
  const { cluster, run } = onControlPlane();
  assert.equal(run(`etcdctl ${tls} get /registry/namespaces/d --prefix --keys-only`), [0, '/registry/namespaces/default\n\n']);
  assert.equal(run(`export ETCDCTL_CACERT=${dir}/ca.crt ETCDCTL_CERT=${dir}/peer.crt ETCDCTL_KEY=${dir}/peer.key; etcdctl get / --prefix --keys-only | grep -c /registry`), [0, `${cluster.etcd.range().count}\n`]);
  assert.match(run(`etcdctl ${tls} get / --prefix --count-only --write-out=fields`)[1], new RegExp(`"More" : false\n"Count" : ${cluster.etcd.range().count}\n$`));
  assert.equal(run(`etcdctl ${tls} get / --prefix --count-only`), [128, 'Error: --count-only is only for `--write-out=fields`\n']);
  assert.equal(run(`etcdctl ${tls} put foo bar && etcdctl ${tls} get foo && etcdctl ${tls} get f --prefix --print-value-only && etcdctl ${tls} del foo && etcdctl ${tls} get foo`), [0, 'OK\nfoo\nbar\nbar\n1\n']);
  const { revision } = cluster.etcd;
  assert.match(run(`etcdctl ${tls} get foo --rev=${revision - 1} -w json`)[1], /"kvs":\[\{"key":"Zm9v","create_revision":(\d+),"mod_revision":\1,"version":1,"value":"YmFy"\}\],"count":1\}\n$/);
  assert.is(run(`etcdctl ${tls} watch foo --rev=${revision - 1} | head -6`)[1], 'PUT\nfoo\nbar\nDELETE\nfoo\n\n');
  assert.match(run(`etcdctl ${tls} member list`)[1], /^8e9e05c52164694d, started, control-plane, https:\/\/10\.0\.0\.10:2380, https:\/\/10\.0\.0\.10:2379, false\n$/);
  assert.match(run(`etcdctl ${tls} snapshot save /tmp/s.db && etcdctl snapshot status /tmp/s.db`)[1], /^Snapshot saved at \/tmp\/s\.db\nDeprecated: [^]*\n[0-9a-f]{8}, \d+, \d+, \d+ kB\n$/);
  assert.equal(run('etcdctl snapshot status /tmp/nope.db'), [1, 'Error: stat /tmp/nope.db: no such file or directory\n']);
});

test('v1.20 has etcd 3.4', () => {
  const { run } = onControlPlane({ nodes: 0, version: 'v1.20' });
  assert.equal(run('etcdctl version'), [0, 'etcdctl version: 3.4.13\nAPI version: 3.4\n']);
  assert.equal(run(`etcdctl ${tls} get / --prefix --count-only`), [1, 'Error: unknown flag: --count-only\n']);
});

test.run();
