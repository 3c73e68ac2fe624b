// The real nft takes every transaction that random Services and endpoints give, and lists what we list.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createVersion } from '../../lib/api/index.ts';
import { createNftablesProxier, type Family, listTable, NftRuleset, type ProxyState } from '../../lib/network/index.ts';
import { createRandom } from '../../lib/sim/index.ts';
import { change } from './change-services.ts';
import { alone, firstDifference } from './own-network.ts';
import { randomWorld } from './random-services.ts';

const test = suite('real nft');

/** Seeds that once found something stay here. */
const seeds = [1, 2, 3, 4, 5, 6];

const able = () => alone('nft -f - <<EOF\nadd table ip t\nadd chain ip t c { type nat hook prerouting priority -100 ; }\nadd rule ip t c fib daddr type local numgen random mod 1 vmap { 0 : accept }\nEOF\nnft list ruleset\n').status === 0;

const loaded = (transactions: readonly (readonly string[])[]) => transactions.map((lines) => `nft -f - <<'END'\n${lines.join('\n')}\nEND\n`).join('');
const listed = (ruleset: NftRuleset) => ruleset.tables.map((table) => listTable(table, 0)).join('');

function compare(transactions: readonly (readonly string[])[], what: string): void {
  const ruleset = new NftRuleset();
  for (const lines of transactions) ruleset.load(lines);
  const { status, stdout, stderr } = alone(`${loaded(transactions)}nft list ruleset\n`);
  assert.is(status, 0, `${what}: ${stderr.slice(0, 2000)}`);
  assert.is(firstDifference(stdout, listed(ruleset)), '', what);
}

if (!able()) {
  console.log('NOTE no nft in a network of our own here');
  test.skip('rules of random Services are loaded by the real tool', () => {});
} else {
  for (const [release, family] of [['v1.33', 'IPv4'], ['v1.33', 'IPv6'], ['v1.32', 'IPv4']] as [string, Family][]) {
    test(`rules of random Services, ${release}, ${family}`, () => {
      for (const seed of seeds) {
        const { state, config } = randomWorld(seed, { family });
        const serviceCIDR = family === 'IPv4' ? '10.96.0.0/16' : 'fd00:96::/112';
        compare(createNftablesProxier(createVersion(release), { ...config, serviceCIDR }).sync(state.ports, state.endpoints, { now: 0 }), `seed ${seed}`);
      }
    });
  }

  test('addresses that a rule lists', () => {
    const sources = ['10.0.0.0/9 , 10.128.0.0/9', '10.0.0.0/24 , 10.0.1.0/24 , 10.0.2.0/24', '10.0.0.4 , 10.0.0.5', '10.0.0.4/32 , 10.0.0.5 , 9.0.0.0/8', '0.0.0.0/0', '0.0.0.0/0 , 10.0.0.0/8', '10.0.0.7'];
    compare([['add table ip t', 'add chain ip t c', ...sources.map((source) => `add rule ip t c ip saddr != { ${source} } drop`)]], 'sets');
  });

  test('syncing again and again', () => {
    for (const seed of [1, 2, 3]) {
      const random = createRandom(`syncs ${seed}`);
      const worlds = [1, 2, 3].map((n) => randomWorld(seed * 10 + n, { services: 8 }));
      const state = { ports: new Map(worlds[0]!.state.ports), endpoints: new Map(worlds[0]!.state.endpoints) } satisfies ProxyState;
      const proxier = createNftablesProxier(createVersion(), worlds[0]!.config);
      const transactions: string[][] = [];
      for (let step = 0; step < 20; step++) {
        const changed = change(state, worlds.map((world) => world.state), random.int);
        transactions.push(...proxier.sync(state.ports, state.endpoints, { now: step * 600, changed: random.int(5) === 0 ? undefined : changed }));
      }
      compare(transactions, `seed ${seed}`);
    }
  });
}

test.run();
