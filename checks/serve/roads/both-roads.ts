// One kubectl, two roads: the kubectl lines of the lessons and of the recordings through ours in the cell, and through the
// real one over HTTPS.
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { loadLessons } from '../../../lib/book/lesson/load.ts';
import { kubectls } from '../real-kubectl.ts';
import { lessonStories } from './lesson-stories.ts';
import { differences, type Difference } from './real-road.ts';
import { transcriptStories } from './transcript-stories.ts';

type Test = (name: string, run: () => Promise<void>) => void;

const pinned = kubectls.find(({ name }) => name === 'v1.32');
if (!pinned) console.log('NOTE no kubectl v1.32 in .kubectl: only .ci/run fetches it');
const shown = ({ line, real, own }: Difference) => `$ ${line}\n--- real\n${real}\n--- own\n${own}`;

/** Says `test` how to take one in `parts` of the lessons on both roads. */
export function lessonsOnBothRoads(test: Test, { part, parts }: { part: number; parts: number }): void {
  for (const { lesson } of loadLessons().filter((_, i) => i % parts === part)) {
    test(`lesson ${lesson.id}`, async () => {
      const stories = await lessonStories(lesson);
      assert.ok(stories.some(({ lines }) => lines.length > 0));
      if (!pinned) return;
      const found: Difference[] = [];
      for (const story of stories) found.push(...(await differences(story, pinned.path)));
      assert.is(found.map(shown).join('\n\n'), '');
    });
  }
}

/** Recorded transcripts on both roads: one in so many, each with ROADS_EVERY=1. */
export function transcriptsOnBothRoads(test: Test): void {
  const transcripts = join(import.meta.dirname, '..', '..', 'oracle', 'recordings', 'api', 'kubectl.jsonl');
  test('transcripts', async () => {
    if (!pinned) return;
    const found: string[] = [];
    for (const { id, namespace, story } of transcriptStories(transcripts, Number(process.env.ROADS_EVERY ?? 22))) {
      for (const difference of await differences(story, pinned.path, namespace)) found.push(`${id} ${shown(difference)}`);
    }
    assert.is(found.join('\n\n'), '');
  });
}
