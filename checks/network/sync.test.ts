// Services and endpoints come, change and go: a proxy that writes only what changed has what one that begins anew would have.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createVersion } from '../../lib/api/index.ts';
import { createIptablesProxier, iptablesJumps, type ProxyState, restoreText, Tables } from '../../lib/network/index.ts';
import { createRandom } from '../../lib/sim/index.ts';
import { change } from './change-services.ts';
import { randomWorld } from './random-services.ts';

const test = suite('sync');

function linked(release: string): Tables {
  const tables = new Tables();
  tables.ensureChain('nat', 'KUBE-MARK-DROP');
  for (const { table, from, to, rule } of iptablesJumps(createVersion(release))) {
    tables.ensureChain(table, to);
    tables.ensureRule(table, from, rule);
  }
  return tables;
}

const saved = (tables: Tables) => tables.save('nat') + tables.save('filter');

for (const release of ['v1.20', 'v1.33']) {
  test(`syncing again and again, ${release}`, () => {
    const version = createVersion(release);
    for (const seed of [1, 2]) {
      const random = createRandom(`syncs ${seed}`);
      const worlds = [1, 2, 3].map((n) => randomWorld(seed * 10 + n, { all: release !== 'v1.20', services: 8 }));
      const { config } = worlds[0]!;
      const proxier = createIptablesProxier(version, config);
      const [blocks, text] = [linked(release), linked(release)];
      const state = { ports: new Map(worlds[0]!.state.ports), endpoints: new Map(worlds[0]!.state.endpoints) } satisfies ProxyState;
      for (let step = 0; step < 20; step++) {
        const changed = change(state, worlds.map((world) => world.state), random.int);
        const sections = proxier.sync(state.ports, state.endpoints, step === 0 || random.int(5) === 0 ? undefined : changed);
        blocks.apply(sections);
        text.restore(restoreText(sections));
        const fresh = linked(release);
        fresh.restore(restoreText(createIptablesProxier(version, config).sync(state.ports, state.endpoints)));
        assert.is(saved(blocks), saved(fresh), `seed ${seed}, step ${step}: written in blocks`);
        assert.is(saved(text), saved(fresh), `seed ${seed}, step ${step}: written as text`);
      }
    }
  });
}

test.run();
