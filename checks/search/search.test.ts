// Random manifests, operations, faults and interleavings: the cluster ends where the manifests say, and nothing overshoots on the way.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runs, seeds } from './bounds.ts';
import { kept } from './kept.ts';
import { play } from './play.ts';
import { report, search } from './search.ts';

const test = suite('search');

for (const [bug, history] of Object.entries(kept)) test(`not again: ${bug}`, () => assert.equal(play(history), []));

for (const seed of seeds) {
  test(`${runs} histories of seed ${seed} end where the manifests say`, () => {
    const found = search({ seed, runs: runs });
    assert.not(found, found && report(found));
  });
}

test.run();
