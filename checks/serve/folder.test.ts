// A folder that keeps a cluster: torn and damaged files, folders of others, logs that grow.
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createCluster } from '../../lib/cluster/index.ts';
import { createKeys, KeepError, openFolder } from '../../lib/serve/index.ts';

const test = suite<{ folder: string }>('a data folder');
test.before((context) => void (context.folder = mkdtempSync(join(tmpdir(), 'kubook-folder-'))));
test.after(({ folder }) => rmSync(folder, { recursive: true }));

/** A folder in which a cluster without nodes has written a few objects; the last write is a frame of its own. */
async function filled(data: string): Promise<{ log: string; last: number; revisions: [before: number, after: number] }> {
  const keeper = openFolder(data, { voice });
  const cluster = createCluster({ nodes: 0, kubelets: false, scheduler: false, controllers: false });
  await keeper.attach(cluster, { version: 'v1.33', nodes: 0, keys: await createKeys() });
  const { store } = cluster.server.storage;
  const log = join(data, readdirSync(data).find((name) => name.startsWith('log-'))!);
  const write = async (name: string) => {
    cluster.client.create({ kind: 'ConfigMap', metadata: { name, namespace: 'default' }, data: { text: '값'.repeat(20) } } as never);
    keeper.take();
    await keeper.progress.reached(store.revision);
    return statSync(log).size;
  };
  for (const name of ['a', 'b', 'c']) await write(name);
  const [before, end] = [store.revision, statSync(log).size];
  await write('d');
  const after = store.revision;
  await keeper.close();
  return { log, last: end, revisions: [before, after] };
}

const voice = { say() {}, complain() {} };
const found = async (data: string) => {
  const keeper = openFolder(data, { voice });
  await keeper.close();
  return keeper.found;
};
const refusal = (data: string): KeepError => {
  try {
    void openFolder(data, { voice }).close();
  } catch (error) {
    return error as KeepError;
  }
  throw new Error(`${data} was opened`);
};

test('a log that ends at any byte of its last record: what came before it is there, and it goes on from there', async ({ folder }) => {
  const data = join(folder, 'torn');
  const { log, last, revisions } = await filled(data);
  const whole = readFileSync(log);
  assert.is((await found(data))!.snapshot.revision, revisions[1]);
  for (let end = whole.length - 1; end >= last; end--) {
    writeFileSync(log, whole.subarray(0, end));
    const { snapshot } = (await found(data))!;
    assert.is(snapshot.revision, revisions[0], `cut at ${end}`);
    assert.equal(snapshot.kvs.filter(({ key }) => key.startsWith('/registry/configmaps/default/')).map(({ name }) => name), ['a', 'b', 'c']);
    assert.is(statSync(log).size, last);
  }
});

test('a byte that changed is refused and named, and nothing is touched', async ({ folder }) => {
  const data = join(folder, 'damaged');
  const { log } = await filled(data);
  const state = join(data, readdirSync(data).find((name) => name.startsWith('state-'))!);
  for (const file of [log, state]) {
    const whole = readFileSync(file);
    for (let at = 0; at < whole.length; at += Math.ceil(whole.length / 60)) {
      const bytes = Buffer.from(whole);
      bytes[at]! ^= 4;
      writeFileSync(file, bytes);
      const error = refusal(data);
      assert.ok(error instanceof KeepError);
      assert.match(error.message, /^\/.+: \d+번째 바이트부터 망가졌다.*\n {4}→ 백업에서/s);
      assert.is(error.place, file);
      assert.ok(readFileSync(file).equals(bytes));
    }
    writeFileSync(file, whole);
  }
  assert.ok(await found(data));
  rmSync(log);
  assert.ok(await found(data), 'a state without a log is whole: it was put in place with everything before it');
});

test('a folder of somebody else, of another format, of another process, that cannot be written: refused', async ({ folder }) => {
  const foreign = join(folder, 'foreign');
  mkdirSync(foreign);
  writeFileSync(join(foreign, 'diary.txt'), '');
  assert.match(refusal(foreign).message, /쿠북의 데이터 폴더가 아니다 \('diary.txt' 파일이 있다\)/);
  assert.equal(readdirSync(foreign), ['diary.txt']);

  const newer = join(folder, 'newer');
  mkdirSync(newer);
  writeFileSync(join(newer, 'kubook.json'), JSON.stringify({ format: 'kubook-data/2' }));
  assert.match(refusal(newer).message, /모르는 형식이다 \(kubook-data\/2, 아는 것은 kubook-data\/1\)/);
  writeFileSync(join(newer, 'kubook.json'), 'no JSON');
  assert.match(refusal(newer).message, /쿠북이 쓴 파일이 아니거나 망가졌다/);

  const taken = join(folder, 'taken');
  const keeper = openFolder(taken, { voice });
  assert.match(refusal(taken).message, `다른 쿠북이 쓰고 있다 (프로세스 ${process.pid}).`);
  await keeper.close();
  // A process of the same number that is another one, and a lock that was never written whole.
  for (const text of [JSON.stringify({ pid: process.pid, born: 'before' }), '']) {
    writeFileSync(join(taken, 'lock'), text);
    await found(taken);
    assert.not.ok(existsSync(join(taken, 'lock')));
  }
  const file = join(folder, 'file');
  writeFileSync(file, '');
  assert.match(refusal(file).message, /폴더가 아닌 것이 있다/);
  assert.match(refusal(join(file, 'below')).message, /폴더가 아닌 것이 있다/);
});

test('a log that has grown is replaced by a state, and what is superfluous goes', async ({ folder }) => {
  const data = join(folder, 'long');
  const keeper = openFolder(data, { voice, logLimit: 20_000 });
  const cluster = createCluster({ nodes: 0, kubelets: false, scheduler: false, controllers: false });
  await keeper.attach(cluster, { version: 'v1.33', nodes: 0, keys: await createKeys() });
  const first = readdirSync(data);
  const map = (text: string) => ({ kind: 'ConfigMap', metadata: { name: 'a', namespace: 'default' }, data: { text } }) as never;
  cluster.client.create(map('0'));
  for (let i = 1; i <= 2000; i++) {
    cluster.client.update({ ...cluster.client.get('ConfigMap', { namespace: 'default', name: 'a' }), data: { text: `${i} ${'x'.repeat(500)}` } });
    if (i % 10 > 0) continue;
    keeper.take();
    await keeper.progress.reached(cluster.server.storage.store.revision);
  }
  await keeper.close();
  const files = readdirSync(data).filter((name) => /^(log|state)/.test(name));
  assert.is(files.length, 2, files.join());
  assert.ok(files.every((name) => !first.includes(name)));
  const { snapshot, time } = (await found(data))!;
  assert.is(snapshot.revision, cluster.server.storage.store.revision);
  assert.equal((snapshot.kvs.find(({ name }) => name === 'a')!.value as any).data, cluster.client.get('ConfigMap', { namespace: 'default', name: 'a' }).data);
  assert.is(time, Date.parse(cluster.now));
  // Files that a kill has left half written are no obstacle.
  for (const name of files) copyFileSync(join(data, name), join(data, `${name.slice(0, -3)}999.new`));
  assert.is((await found(data))!.snapshot.revision, snapshot.revision);
});

test.run();
