// One kubectl, two roads: the kubectl lines of the lessons and of the recordings through ours in the cell, and through the
// real one over HTTPS. ROADS_EVERY=1 takes each transcript, otherwise a part is taken.
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadLessons } from '../../lib/book/lesson/load.ts';
import { kubectls } from './real-kubectl.ts';
import { lessonStories } from './roads/lesson-stories.ts';
import { differences, type Difference } from './roads/real-road.ts';
import { transcriptStories } from './roads/transcript-stories.ts';

const test = suite('two roads');
const pinned = kubectls.find(({ name }) => name === 'v1.32');
const shown = ({ line, real, own }: Difference) => `$ ${line}\n--- real\n${real}\n--- own\n${own}`;

for (const { lesson } of loadLessons()) {
  test(`lesson ${lesson.id}`, async () => {
    const stories = await lessonStories(lesson);
    assert.ok(stories.some(({ lines }) => lines.length > 0));
    if (!pinned) return;
    const found: Difference[] = [];
    for (const story of stories) found.push(...(await differences(story, pinned.path)));
    assert.is(found.map(shown).join('\n\n'), '');
  });
}
const transcripts = join(import.meta.dirname, '..', 'oracle', 'recordings', 'api', 'kubectl.jsonl');
test('transcripts', async () => {
  if (!pinned) return;
  const found: string[] = [];
  for (const { id, namespace, story } of transcriptStories(transcripts, Number(process.env.ROADS_EVERY ?? 22))) {
    for (const difference of await differences(story, pinned.path, namespace)) found.push(`${id} ${shown(difference)}`);
  }
  assert.is(found.join('\n\n'), '');
});

if (!pinned) console.log('NOTE no kubectl v1.32 in .kubectl: only .ci/run fetches it');
test.run();
