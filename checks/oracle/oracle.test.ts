// Every recording that lies here is replayed: exactly at v1.20, and at v1.33 with differences that the version table names.
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createVersion } from '../../lib/api/index.ts';
import { isChange } from './attribute.ts';
import { loadReplayers, type Replayed, replayFile } from './replay.ts';
import { count } from './report.ts';
import { rules } from './rules.ts';

const recordings = fileURLToPath(new URL('recordings/', import.meta.url));
const replayers = await loadReplayers();
const files = readdirSync(recordings, { recursive: true, encoding: 'utf8' }).filter((path) => replayers.has(basename(path))).sort();

const test = suite('oracle');

/** Cases whose kind does not exist here yet are out of scope. */
const laterRules = new Set<string>(rules.filter(({ since }) => since === 'here').map(({ name }) => name));
const inScope = (cases: readonly Replayed[]) => cases.filter(({ outcome }) => outcome.result !== 'skipped' || !laterRules.has(outcome.rule));

function failures(cases: readonly Replayed[]): string {
  return cases.flatMap(({ id, outcome }) => (outcome.result === 'failed' ? [`${id}: ${outcome.why}`] : [])).slice(0, 5).join('\n');
}

test('there are recordings to replay', () => {
  assert.ok(files.length > 0);
});

for (const path of files) {
  const replay = (version: string) => replayFile(join(recordings, path), replayers.get(basename(path))!, { version: createVersion(version) });

  test(`${path} at v1.20`, () => {
    const cases = replay('v1.20');
    assert.is(failures(cases), '');
    const scope = inScope(cases);
    assert.ok(count(scope, 'passed') >= 0.95 * scope.length, `${count(scope, 'passed')} of ${scope.length} passed`);
  });

  test(`${path} at v1.33 differs only by named changes`, () => {
    const cases = replay('v1.33');
    assert.is(failures(cases), '');
    for (const { id, outcome } of cases) {
      if (outcome.result !== 'skipped') continue;
      const known = isChange(outcome.rule) || rules.some(({ name }) => name === outcome.rule);
      assert.ok(known, `${id}: no entry of the version table and no rule is called ${outcome.rule}`);
    }
  });
}

test.run();
