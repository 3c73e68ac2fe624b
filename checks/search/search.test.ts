// Random manifests, operations, faults and interleavings: the cluster ends where the manifests say, and nothing overshoots on the way.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runs, sample, seeds } from './bounds.ts';
import type { History } from './history.ts';
import { kept } from './kept.ts';
import { play } from './play.ts';
import type { Profile } from './profiles.ts';
import { report, search } from './search.ts';

const test = suite('search');

for (const [bug, history] of Object.entries(kept)) test(`not again: ${bug}`, () => assert.equal(play(history), []));

for (const [profile, count] of Object.entries(runs) as [Profile, number][]) {
  for (const seed of seeds) {
    test(`${count} ${profile} histories of seed ${seed} end where the manifests say`, () => {
      const found = search({ profile, seed, runs: count });
      assert.not(found, found && report(found));
    });
  }
}

test('the same history writes the same, to the last byte; another order of its steps does not', () => {
  const logOf = (played: History) => {
    const lines: string[] = [];
    play(played, (line) => lines.push(line));
    return lines.join('\n');
  };
  const drawn = (['plain', 'crowded'] as const).flatMap((profile) => sample(profile, 1, 3));
  const logs = [...Object.values(kept), ...drawn].map((one) => [logOf(one), logOf(one), logOf({ ...one, seed: one.seed + 1 })] as const);
  for (const [first, again] of logs) assert.is(first, again);
  assert.ok(logs.some(([first, , other]) => first !== other));
});

test.run();
