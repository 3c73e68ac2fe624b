// `kubook serve --exercise` and `kubook check`: an exercise solved from outside is judged as one solved in a cell.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createCluster } from '../../lib/cluster/index.ts';
import { keepJournal, manualTime, serve } from '../../lib/serve/index.ts';
import { kubectls } from './real-kubectl.ts';
import { agentOf, ask, json } from './served.ts';

const test = suite('exercises over HTTPS');

test('a journal makes the same cluster again', async () => {
  const options = { nodes: 2, seed: 'twin' };
  const cluster = createCluster(options);
  const journal = keepJournal(cluster);
  const time = manualTime(cluster);
  const serving = await serve(cluster, { port: 0, time });
  const agent = agentOf(serving.admin);
  const send = (path: string, body: object, method = 'POST') => ask(serving, path, { agent, ...json(method, body) });
  await send('/apis/apps/v1/namespaces/default/deployments', { metadata: { name: 'web' }, spec: { replicas: 3, selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'busybox', command: ['sleep', '3600'] }] } } } });
  cluster.advance('20s');
  await send('/api/v1/namespaces/default/pods', { metadata: { name: 'Not A Name' } });
  const [pod] = cluster.client.list('Pod').items;
  const session = cluster.kubelets.of(pod!).session(pod!, 'c', ['sh'], { stdin: true, tty: false, out() {}, err() {}, done() {} });
  session.write('echo kept > /tmp/note\n');
  session.stop();
  await ask(serving, `/api/v1/namespaces/default/pods/${cluster.client.list('Pod').items[1]!.metadata.name}`, { agent, method: 'DELETE' });
  cluster.advance('1m');
  agent.destroy();
  await serving.close();

  const twin = createCluster(options);
  journal.replay(twin);
  assert.is(twin.now, cluster.now);
  for (const kind of ['Pod', 'ReplicaSet', 'Deployment', 'Event', 'Node']) assert.equal(twin.client.list(kind).items, cluster.client.list(kind).items, kind);
  // The test itself looked in, with the cluster's own client.
  const requests = (of: typeof cluster) => JSON.stringify(of.requests().filter(({ userAgent }) => userAgent !== 'kubectl'));
  assert.ok(requests(twin) === requests(cluster));
  assert.is(twin.kubectl.run(`exec ${pod!.metadata.name} -- cat /tmp/note`).stdout, 'kept\n');
});

const command = join(import.meta.dirname, '..', '..', 'dist', 'kubook.js');

interface At {
  folder: string;
  run(...args: string[]): Promise<{ code: number | null; text: string }>;
  kubectl(...args: string[]): Promise<{ code: number | null; text: string }>;
}

/** A server in a folder of its own, until the test is over. */
async function serving(args: string[], steps: (at: At) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'kubook-exercise-'));
  const run = async (program: string, given: string[]) => {
    const child = spawn(program, given, { cwd: folder, timeout: 60_000, env: { PATH: process.env.PATH, HOME: folder, KUBECONFIG: join(folder, '.kubook', 'kubeconfig') } });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (text += String(piece)));
    const [code] = await once(child, 'close');
    return { code, text };
  };
  const server = spawn(process.execPath, [command, 'serve', '--port', '0', ...args], { cwd: folder, timeout: 120_000 });
  let said = '';
  const ready = new Promise<void>((resolve, reject) => {
    for (const stream of [server.stdout, server.stderr]) stream.on('data', (piece) => /Ctrl-C/.test((said += String(piece))) && resolve());
    server.on('close', () => reject(new Error(said)));
  });
  try {
    await ready;
    await steps({ folder, run: (...given) => run(process.execPath, [command, ...given]), kubectl: (...given) => run(kubectls.at(-1)!.path, given) });
  } finally {
    server.kill('SIGINT');
    await once(server, 'exit');
    rmSync(folder, { recursive: true });
  }
}

if (kubectls.length > 0) {
  test('labels-4: two commands are too many, one is right', async () => {
    await serving(['--exercise', 'labels-4'], async ({ run, kubectl }) => {
      const before = await run('check', 'labels-4');
      assert.is(before.code, 1);
      assert.match(before.text, /✗ 쇼핑몰의 카나리아가 사라졌다 \(0\/1점\)\n {6}아직 남아 있다: [\s\S]*힌트: [\s\S]*0\/5점: 검사 4개 가운데 4개가 아직 틀리다/);
      await kubectl('delete', 'pods', '-l', 'app=shop,track=canary,team');
      const half = await run('check');
      assert.equal([half.code, /✓ 나머지 파드는 그대로다 \(2\/2점\)/.test(half.text)], [1, true], half.text);
      await kubectl('delete', 'pods', '-l', 'app=shop,track=canary');
      const twice = await run('check', 'labels-4');
      assert.match(twice.text, '여러 번에 나누어 지웠다.');
    });
    await serving(['--exercise', 'labels-4', '--seed', '2'], async ({ run, kubectl }) => {
      await kubectl('delete', 'pods', '-l', 'app=shop,track=canary');
      const { code, text } = await run('check', 'labels-4', '--json');
      assert.is(code, 0, text);
      assert.is(JSON.parse(text).points, 5);
    });
  });

  test('why-5: the file is in the learner’s folder, and judged as it is there', async () => {
    await serving(['--exercise', 'why-5'], async ({ folder, run, kubectl }) => {
      const file = join(folder, 'why-5', 'web.yaml');
      const spoilt = readFileSync(file, 'utf8');
      assert.match((await kubectl('apply', '-f', file)).text, 'found character that cannot start any token');
      // A tab was two spaces, but inside a value it means itself.
      writeFileSync(file, spoilt.split('\n').map((line) => line.replace(/^[ \t]+/, (indent) => indent.replaceAll('\t', '  '))).join('\n'));
      assert.is((await kubectl('apply', '-f', file)).code, 0);
      const { code, text } = await run('check', 'why-5');
      assert.is(code, 0, text);
    });
  });
}

test('what is no cluster exercise, or not open, is told with the next step', async () => {
  await serving(['--lesson', 'L10'], async ({ folder, run }) => {
    assert.match(readFileSync(join(folder, '10-labels-and-selectors', 'my-service.yaml'), 'utf8'), 'kind: Service');
    const lesson = await run('check', 'labels-4');
    assert.equal([lesson.code, /연습이 아니라 수업 L10이다/.test(lesson.text)], [1, true], lesson.text);
    const other = await run('serve', '--port', '0', '--exercise', 'why-1');
    assert.equal([other.code, other.text], [1, 'why-1은 함수나 값을 적는 연습이라 kubectl로 풀 수 없다.\n    → kubook practice why-1 로 푼다.\n']);
    const none = await run('check', 'labels-4', '--kubeconfig', join(folder, 'nowhere'));
    assert.equal([none.code, /열려 있는 연습이 없다/.test(none.text), /→ 다른 터미널에서 kubook serve --exercise labels-4/.test(none.text)], [1, true, true]);
  });
  await serving([], async ({ run }) => assert.match((await run('check')).text, '지금 열려 있는 클러스터는 연습이 아니다.'));
});

test.run();
