// kill -9 at any moment loses no acknowledged write.
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createRandom } from '../../lib/sim/index.ts';
import { end, smallServer, startWhole } from './killed.ts';
import { life } from './kills.ts';
import { Ledger } from './ledger.ts';

const test = suite<{ folder: string }>('what is kept in a folder');
test.before((context) => void (context.folder = mkdtempSync(join(tmpdir(), 'kubook-data-'))));
test.after(({ folder }) => rmSync(folder, { recursive: true }));

test('180 times: only API server and store, with a log that is replaced often', async ({ folder }) => {
  const small = await smallServer(folder);
  const chain = async (number: number) => {
    const random = createRandom(`kills/${number}`);
    const data = join(folder, `small-${number}`);
    const ledger = new Ledger(random.fork('writes'));
    for (let i = 0; i < 90; i++) await life(() => small.start({ data, logLimit: 30_000 }), ledger, random);
    const last = small.start({ data });
    await ledger.check((await last.server)!);
    await end(last.child);
    return ledger.acknowledged;
  };
  const acknowledged = await Promise.all([chain(1), chain(2)]);
  assert.ok(acknowledged.every((count) => count > 500), `too little was written: ${acknowledged.join(', ')}`);
});

test('20 times: kubook serve, whole', async ({ folder }) => {
  const cwd = join(folder, 'whole');
  mkdirSync(cwd);
  const random = createRandom('whole');
  const ledger = new Ledger(random.fork('writes'));
  const start = () => startWhole(cwd, '--data', 'data', '--nodes', '1');
  for (let i = 0; i < 20; i++) await life(start, ledger, random);
  const last = start();
  await ledger.check((await last.server)!);
  assert.is(await end(last.child, 'SIGINT'), 0);
  assert.not.ok(existsSync(join(cwd, 'data', 'lock')));
});

test.run();
