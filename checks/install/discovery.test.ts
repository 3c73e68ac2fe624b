// A machine that wants to join gets to know its control plane by a token, or says why it does not.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { InProcessClient } from '../../lib/client/index.ts';
import { createMachineShell } from '../../lib/cluster/machine-shell.ts';
import { createCluster } from '../../lib/cluster/index.ts';
import { kubeadmCommand } from '../../lib/install/index.ts';
import { createMachine } from '../../lib/machine/index.ts';
import { createRandom } from '../../lib/sim/index.ts';

const test = suite('discovery');

const nowhere = { host: () => undefined, problem: () => undefined, attach: () => '', detach() {}, dial: (_: unknown, ip: string, port: number) => ({ ip, port, error: 'refused' as const }), query: () => undefined };
const server = 'https://192.168.0.10:6443';
const ignored = '--ignore-preflight-errors=all';

/** A cluster whose control plane kubeadm has set up as far as cluster-info, and two machines of which one has not joined. */
function machines() {
  const cluster = createCluster({ version: 'v1.20', nodes: 0, kubelets: false, scheduler: false });
  const open = new Set([server]);
  const api = (login: { server: string; user: string; groups: readonly string[] }) =>
    open.has(login.server) ? new InProcessClient({ server: cluster.server, loop: cluster.loop, random: cluster.client.random.fork('kubeadm'), name: 'kubeadm', user: login.user, groups: [...login.groups] }) : undefined;
  const shellOf = (name: string, ip: string) => {
    const machine = createMachine({ name, ip, clock: cluster.loop.clock });
    const random = createRandom(name);
    return createMachineShell({ machine, network: nowhere, loop: cluster.loop, random, patience: 600_000, programs: { kubeadm: kubeadmCommand({ machine, api }) } });
  };
  const [cp1, worker] = [shellOf('cp1', '192.168.0.10'), shellOf('worker', '192.168.0.11')];
  for (const phase of ['certs all', 'kubeconfig admin', 'bootstrap-token']) assert.is(cp1.run(`kubeadm init phase ${phase}`).code, 0);
  cluster.advance('5s');
  const hash = /sha256:\w+/.exec(cp1.run('kubeadm token create --print-join-command').stdout)![0];
  const token = (more = '') => cp1.run(`kubeadm token create ${more}`).stdout.trim();
  const join = (words: string) => worker.run(`kubeadm join 192.168.0.10:6443 ${ignored} ${words}`).stderr.split('\n').find((line) => line.startsWith('error'))?.replace('error execution phase preflight: ', '');
  return { cluster, cp1, worker, open, hash, token, join };
}

const unsure = "couldn't validate the identity of the API Server: ";

test('a token and the right hash of the authority lead on', () => {
  const { cluster, hash, token, join } = machines();
  const fresh = token();
  cluster.advance('5s');
  assert.match(join(`--token ${fresh} --discovery-token-ca-cert-hash ${hash}`)!, 'unable to fetch the kubeadm-config ConfigMap: ');
});

test('another hash does not', () => {
  const { cluster, hash, token, join } = machines();
  const fresh = token();
  cluster.advance('5s');
  const other = `sha256:${'0'.repeat(64)}`;
  assert.is(join(`--token ${fresh} --discovery-token-ca-cert-hash ${other}`), `${unsure}cluster CA found in cluster-info ConfigMap is invalid: none of the public keys "${hash}" are pinned`);
  assert.is(join(`--token ${fresh} --discovery-token-ca-cert-hash sha256:ab`), `${unsure}expected a 32 byte SHA-256 hash, found 1 bytes`);
  assert.is(join(`--token ${fresh} --discovery-token-ca-cert-hash md5:ab`), `${unsure}unknown hash format "md5"`);
});

test('who knows only the number of a token does not believe it', () => {
  const { cluster, hash, token, join } = machines();
  const [id] = token().split('.');
  cluster.advance('5s');
  assert.is(join(`--token ${id}.0123456789abcdef --discovery-token-ca-cert-hash ${hash}`), `${unsure}failed to verify JWS signature of received cluster info object, can't trust this API Server`);
});

test('a token lasts for a day, and after five minutes kubeadm gives up', () => {
  const { cluster, hash, token, join, cp1 } = machines();
  const fresh = token();
  cluster.advance('25h');
  const before = Date.parse(cluster.now);
  assert.is(join(`--token ${fresh} --discovery-token-ca-cert-hash ${hash}`), `${unsure}could not find a JWS signature in the cluster-info ConfigMap for token ID "${fresh.slice(0, 6)}"`);
  const minutes = (Date.parse(cluster.now) - before) / 60_000;
  assert.ok(minutes >= 5 && minutes < 5.1, `${minutes} minutes`);
  assert.not.match(cp1.run('kubeadm token list').stdout, fresh);
});

test('nobody answers', () => {
  const { hash, join, open } = machines();
  open.clear();
  assert.is(join(`--token abcdef.0123456789abcdef --discovery-token-ca-cert-hash ${hash}`), `${unsure}Get "${server}/api/v1/namespaces/kube-public/configmaps/cluster-info?timeout=10s": dial tcp 192.168.0.10:6443: connect: connection refused`);
});

test.run();
