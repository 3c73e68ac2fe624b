// One life of a server that is killed while clients write to it.
import * as assert from 'uvu/assert';
import type { Random } from '../../lib/sim/index.ts';
import { end, sleep, type Started } from './killed.ts';
import type { Ledger, Server } from './ledger.ts';

/** Starts, looks, lets clients write, kills; sometimes before the server answers. */
export async function life(start: () => Started, ledger: Ledger, random: Random, meanwhile?: (server: Server) => Promise<void>): Promise<void> {
  const { child, server } = start();
  if (random.int(8) === 0) {
    await sleep(random.int(400));
    return void (await end(child));
  }
  const answering = (await server)!;
  await ledger.check(answering);
  await meanwhile?.(answering);
  const writing = ledger.write(answering);
  await written(ledger, random);
  await end(child);
  assert.is(await writing, undefined);
}

/** Until some writes more have been acknowledged, and a moment longer. */
export async function written(ledger: Ledger, random: Random): Promise<void> {
  const enough = ledger.acknowledged + random.int(20);
  for (let waited = 0; ledger.acknowledged < enough && waited < 5000; waited++) await sleep(1);
  await sleep(random.int(5));
}
