// Random manifests, operations, faults and interleavings: the cluster ends where the manifests say, and nothing overshoots on the way.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { report, search } from './search.ts';

const test = suite('search');

/** So many histories take about half a minute. */
const runs = 130;
/** Two searches that always run: what one has seen the other does not see. */
const seeds = [1, 20_260_101];

for (const seed of seeds) {
  test(`${runs / seeds.length} histories of seed ${seed} end where the manifests say`, () => {
    const found = search({ seed, runs: runs / seeds.length });
    assert.not(found, found && report(found));
  });
}

test.run();
