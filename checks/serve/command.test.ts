// `kubook serve` as it is typed.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { agentOf, ask } from './served.ts';

const command = join(import.meta.dirname, '..', '..', 'dist', 'kubook.js');
const test = suite<{ folder: string }>('kubook serve');
test.before((context) => void (context.folder = mkdtempSync(join(tmpdir(), 'kubook-serve-'))));
test.after(({ folder }) => rmSync(folder, { recursive: true }));

function start(cwd: string, ...args: string[]) {
  const child = spawn(process.execPath, [command, 'serve', ...args], { cwd, timeout: 60_000 });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (text += String(piece)));
  const ready = new Promise<void>((resolve, reject) => {
    child.stdout.on('data', () => /Ctrl-C/.test(text) && resolve());
    child.on('close', () => reject(new Error(text)));
  });
  ready.catch(() => {});
  return { child, ready, text: () => text };
}

const ended = async (child: ChildProcess) => (await once(child, 'close'))[0] as number | null;

test('says what to type next, answers, and ends on Ctrl-C', async ({ folder }) => {
  const { child, ready, text } = start(folder, '--port', '0', '--nodes', '2', '--version', 'v1.20', '--seed', 'lesson');
  await ready;
  const file = join(folder, '.kubook', 'kubeconfig');
  assert.match(text(), `export KUBECONFIG=${file}\n`);
  assert.is(statSync(file).mode & 0o777, 0o600);
  const { clusters, users } = parse(readFileSync(file, 'utf8'));
  const plain = (base64: string) => Buffer.from(base64, 'base64').toString();
  const { server } = clusters[0].cluster;
  const agent = agentOf({ authority: plain(clusters[0].cluster['certificate-authority-data']), server, client: { cert: plain(users[0].user['client-certificate-data']), key: plain(users[0].user['client-key-data']) } });
  const nodes = await ask({ port: Number(new URL(server).port) } as never, '/api/v1/nodes', { agent });
  assert.equal(nodes.body.items.map((node: any) => [node.metadata.name, node.status.nodeInfo.kubeletVersion]), ['control-plane', 'worker-1', 'worker-2'].map((name) => [name, 'v1.20.2']));
  const age = Date.now() - Date.parse(nodes.body.items[0].metadata.creationTimestamp);
  assert.ok(age > 50_000 && age < 120_000, `the cluster began ${age} ms ago`);
  agent.destroy();
  child.kill('SIGINT');
  assert.is(await ended(child), 0);
  assert.match(text(), '클러스터를 끝냈다');
});

test('a port that is taken, a file that is no kubeconfig: what to do instead', async ({ folder }) => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const taken = start(folder, '--port', String(port));
  assert.is(await ended(taken.child), 1);
  assert.match(taken.text(), `다른 프로그램이 포트 ${port}번을 쓰고 있다.`);
  assert.match(taken.text(), '--port');
  other.close();
  const wrong = start(folder, '--port', '0', '--kubeconfig', command);
  assert.is(await ended(wrong.child), 1);
  assert.match(wrong.text(), 'kubeconfig가 아니다. 덮어쓰지 않았다.');
  const usage = start(folder, '--nodes', 'many');
  assert.is(await ended(usage.child), 2);
  const version = start(folder, '--port', '0', '--version', 'v9');
  assert.is(await ended(version.child), 1);
  assert.match(version.text(), '→ --version v1.33 처럼');
});

test('--data: what was there is there again, and what cannot be is said', async ({ folder }) => {
  const first = start(folder, '--port', '0', '--nodes', '1', '--version', 'v1.20', '--data', 'kept');
  await first.ready;
  assert.match(first.text(), '하는 일은 kept에 남는다.');
  const taken = start(folder, '--port', '0', '--data', 'kept');
  assert.is(await ended(taken.child), 1);
  assert.match(taken.text(), /kept: 다른 쿠북이 쓰고 있다 \(프로세스 \d+\)\.\n {4}→ /);
  first.child.kill('SIGINT');
  assert.is(await ended(first.child), 0);
  assert.match(first.text(), 'kept에 남아 있다: 같은 명령으로 다시 열면 이어진다.');
  const second = start(folder, '--port', '0', '--data', 'kept');
  await second.ready;
  assert.match(second.text(), /쿠버네티스 v1\.20\.2, 워커 1대가[^]*kept에 있던 클러스터를 리비전 \d+에서 이어 간다/);
  second.child.kill('SIGKILL');
  await ended(second.child);
  const newer = start(folder, '--port', '0', '--data', 'kept', '--version', 'v1.33');
  assert.is(await ended(newer.child), 1);
  assert.match(newer.text(), /--version v1\.33: 남아 있는 클러스터는 v1\.20이다\.\n {4}→ /);
  const both = start(folder, '--data', 'kept', '--etcd', 'http://127.0.0.1:1');
  assert.is(await ended(both.child), 1);
  assert.match(both.text(), '--data, --etcd: 둘을 함께 쓸 수 없다.');
  const nobody = start(folder, '--port', '0', '--etcd', 'http://127.0.0.1:1');
  assert.is(await ended(nobody.child), 1);
  assert.match(nobody.text(), /http:\/\/127\.0\.0\.1:1: etcd에 닿지 않는다 \(connect ECONNREFUSED 127\.0\.0\.1:1\)\.\n {4}→ etcd를 켜거나/);
});

test.run();
