// kill -9 at any moment loses no acknowledged write: the same as in persistence.test.ts, with a real etcd, which is killed too.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createRandom, type Random } from '../../lib/sim/index.ts';
import { end, sleep, smallServer, startWhole } from './killed.ts';
import { life, written } from './kills.ts';
import { Ledger, type Server } from './ledger.ts';
import { hasEtcd, type RealEtcd, startEtcd } from './real-etcd.ts';

const test = suite<{ folder: string; etcds: RealEtcd[] }>('a cluster in etcd, killed');
const when = hasEtcd ? test : test.skip;
test.before(async (context) => {
  if (!hasEtcd) return;
  context.folder = mkdtempSync(join(tmpdir(), 'kubook-kills-'));
  context.etcds = await Promise.all([1, 2].map((number) => startEtcd(join(context.folder, `etcd-${number}`))));
});
test.after(async ({ folder, etcds }) => {
  if (!hasEtcd) return;
  for (const etcd of etcds) await etcd.kill();
  rmSync(folder, { recursive: true });
});

/** etcd dies while clients write, comes back, and the server has to catch up before it takes writes again. */
async function loseEtcd(etcd: RealEtcd, ledger: Ledger, random: Random, server: Server): Promise<void> {
  const writing = ledger.write(server);
  await written(ledger, random);
  await etcd.kill();
  const refusal = (await writing)!;
  assert.equal([refusal.code, refusal.body.message], [500, 'etcdserver: request timed out']);
  await etcd.start();
  for (let tries = 0; tries < 1200; tries++) {
    const { code } = await ledger.probe(server);
    if (code < 300) return ledger.check(server);
    await sleep(50);
  }
  throw new Error('the server does not take writes again');
}

when('180 times: only API server and store; every eighth time etcd dies first', async ({ folder, etcds }) => {
  const small = await smallServer(folder);
  const chain = async (etcd: RealEtcd, number: number) => {
    const random = createRandom(`etcd kills/${number}`);
    const ledger = new Ledger(random.fork('writes'));
    const meanwhile = async (server: Server) => {
      if (random.int(8) === 0) await loseEtcd(etcd, ledger, random, server);
    };
    for (let i = 0; i < 90; i++) await life(() => small.start({ etcd: etcd.url }), ledger, random, meanwhile);
    const last = small.start({ etcd: etcd.url });
    await ledger.check((await last.server)!);
    await end(last.child);
    return ledger.acknowledged;
  };
  const acknowledged = await Promise.all(etcds.map(chain));
  assert.ok(acknowledged.every((count) => count > 400), `too little was written: ${acknowledged.join(', ')}`);
});

when('20 times: kubook serve, whole', async ({ folder, etcds: [etcd] }) => {
  etcd!.ctl('del', '', '--prefix');
  const cwd = join(folder, 'whole');
  mkdirSync(cwd);
  const random = createRandom('whole etcd');
  const ledger = new Ledger(random.fork('writes'));
  const start = () => startWhole(cwd, '--etcd', etcd!.url, '--nodes', '1');
  for (let i = 0; i < 20; i++) await life(start, ledger, random);
  const last = start();
  await ledger.check((await last.server)!);
  assert.is(await end(last.child, 'SIGINT'), 0);
});

if (!hasEtcd) console.log('NOTE etcd is not installed: a cluster in etcd was not killed');
test.run();
