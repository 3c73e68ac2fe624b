import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { crc32 } from '../../lib/serve/keep/crc32.ts';
import { frameOf, readFrames } from '../../lib/serve/keep/frames.ts';
import { type LogFile, LogWriter } from '../../lib/serve/keep/log-writer.ts';
import { Progress } from '../../lib/serve/keep/progress.ts';
import { requestTimedOut } from '../../lib/serve/keep/keeper.ts';

const test = suite('frames and the log');
const texts = ['{"log":1}', '["하나"]', `["${'둘'.repeat(300)}"]`, '["셋"]'];
const whole = Buffer.concat(texts.map(frameOf));
const last = whole.length - frameOf(texts.at(-1)!).length;

test('the checksum is that of zip and PNG', () => {
  assert.is(crc32(Buffer.from('123456789')), 0xcbf43926);
});

test('what was written is read', () => {
  assert.equal(readFrames(whole), { texts, end: whole.length });
  assert.equal(readFrames(Buffer.alloc(0)), { texts: [], end: 0 });
});

test('a file that ends at any byte of its last frame is torn there', () => {
  for (let end = last + 1; end < whole.length; end++) assert.equal(readFrames(whole.subarray(0, end)), { texts: texts.slice(0, -1), end: last, rest: 'torn' });
});

test('blocks that never reached the disk are zeros: torn too', () => {
  for (let from = last; from < whole.length; from++) {
    const bytes = Buffer.from(whole);
    bytes.fill(0, from);
    assert.equal([readFrames(bytes).end, readFrames(bytes).rest], [last, 'torn'], `from ${from}`);
  }
  assert.is(readFrames(Buffer.concat([whole, Buffer.alloc(100)])).rest, 'torn');
});

test('a bit that changed is damage, wherever it is', () => {
  for (let at = 0; at < whole.length; at++) {
    const bytes = Buffer.from(whole);
    bytes[at]! ^= 1 << (at % 8);
    const { rest, end } = readFrames(bytes);
    assert.is(rest, 'damaged', `byte ${at}`);
    assert.ok(end <= at);
  }
});

/** A disk that fails when it is told to. */
function disk() {
  let [bytes, synced] = [Buffer.alloc(0), 0];
  const fake = {
    fails: undefined as 'write' | 'sync' | undefined,
    syncs: 0,
    get bytes() {
      return bytes.subarray(0, synced);
    },
    file: {
      async write(piece, position) {
        const written = fake.fails === 'write' ? piece.subarray(0, 5) : piece;
        bytes = Buffer.concat([bytes.subarray(0, position), written]);
        if (fake.fails === 'write') throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
      },
      async sync() {
        await new Promise((resolve) => setTimeout(resolve, 2));
        fake.syncs++;
        if (fake.fails === 'sync') throw Object.assign(new Error('EIO'), { code: 'EIO' });
        synced = bytes.length;
      },
      async truncate(length) {
        bytes = bytes.subarray(0, length);
      },
      async close() {},
    } satisfies LogFile,
  };
  return fake;
}

test('writes that wait share one sync, and are told only after it', async () => {
  const fake = disk();
  const progress = new Progress(0);
  const writer = new LogWriter({ file: fake.file, end: 0, progress, onProblem: () => {}, onRecovery: () => {} });
  const told: number[] = [];
  for (let i = 1; i <= 50; i++) {
    writer.append(String(i), i);
    void progress.reached(i)!.then(() => told.push(i));
  }
  assert.equal(told, []);
  await progress.reached(50);
  assert.is(fake.syncs, 1);
  assert.is(progress.reached(50), undefined);
  writer.append('51', 51);
  await progress.reached(51);
  await writer.close();
  assert.equal(told, Array.from({ length: 50 }, (_, i) => i + 1));
  assert.equal(readFrames(fake.bytes).texts.map((text) => JSON.parse(text)).flat(), Array.from({ length: 51 }, (_, i) => i + 1));
});

for (const fails of ['write', 'sync'] as const) {
  test(`a ${fails} that fails: who waits is told, and nothing is lost or twice when it works again`, async () => {
    const fake = disk();
    const progress = new Progress(0);
    const said: string[] = [];
    const onProblem = (error: unknown) => {
      said.push((error as Error).message);
      progress.fail(requestTimedOut());
    };
    const writer = new LogWriter({ file: fake.file, end: 0, progress, retryAfter: 5, onProblem, onRecovery: () => said.push('again') });
    writer.append('1', 1);
    await progress.reached(1);
    fake.fails = fails;
    writer.append('2', 2);
    const refusal = await progress.reached(2)!.catch((error: Error) => error);
    assert.is((refusal as Error).message, 'etcdserver: request timed out');
    writer.append('3', 3);
    await progress.reached(3)!.catch(() => {});
    fake.fails = undefined;
    await new Promise<void>((resolve) => progress.onAdvance(resolve));
    assert.is(progress.kept, 3);
    await writer.close();
    assert.equal(readFrames(fake.bytes).texts.map((text) => JSON.parse(text)).flat(), [1, 2, 3]);
    assert.is(said.at(-1), 'again');
  });
}

test.run();
