// A part of the recordings over HTTPS, and of the transcripts with the real kubectl. `npm run oracle -- DIR --serve` takes them all.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createVersion } from '../../lib/api/index.ts';
import { loadReplayers, replayFile } from '../oracle/replay.ts';
import { count } from '../oracle/report.ts';
import { endServed } from '../oracle/served/served.ts';

/** Every so manieth case. */
const every: Record<string, number> = { 'kubectl.jsonl': 16, 'validation.jsonl': 20 };
const folder = join(import.meta.dirname, '..', 'oracle', 'recordings', 'api');
const replayers = await loadReplayers();

const test = suite('recordings over HTTPS');
for (const file of readdirSync(folder).filter((name) => replayers.has(name))) {
  test(file, () => {
    const cases = replayFile(join(folder, file), replayers.get(file)!, { version: createVersion('v1.20'), served: true, every: every[file] ?? 12 });
    assert.equal(cases.flatMap(({ id, outcome }) => (outcome.result === 'failed' ? [`${id}: ${outcome.why}`] : [])), []);
    assert.ok(file === 'kubectl.jsonl' || count(cases, 'passed') > 0);
  });
}
test.after(endServed);
test.run();
