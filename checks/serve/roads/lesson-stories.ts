// The cells of a lesson, run as they stand, on clusters that note what happens to them.
import { transform } from 'esbuild';
import type { ClusterOptions } from '../../../lib/cluster/index.ts';
import { cellsOf, type Lesson } from '../../../lib/book/lesson/lesson.ts';
import * as kubook from '../../../lib/index.ts';
import { quietly } from '../../../lib/book/console.ts';
import { Story } from './story.ts';

const AsyncFunction = (async () => {}).constructor as new (...words: string[]) => (kubook: object) => Promise<void>;

/** The stories of the clusters that the lesson makes. */
export async function lessonStories(lesson: Lesson): Promise<Story[]> {
  const stories: Story[] = [];
  const createCluster = (options?: ClusterOptions) => {
    const story = new Story(options);
    stories.push(story);
    return story.asCell();
  };
  const cells = cellsOf(lesson).filter(({ exercise, throws }) => !exercise && !throws).map(({ code }) => code);
  const codes = await Promise.all(cells.map((cell) => transform(cell, { loader: 'ts', format: 'esm', tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } } })));
  // What a cell declares the next ones see, and may declare again.
  const script = codes
    .map(({ code }) => code.replace(/^import \{([^}]*)\} from "kubook";$/gm, (_, names: string) => `var {${names.replaceAll(' as ', ': ')}} = kubook;`).replace(/^(?:const|let) /gm, 'var '))
    .join('');
  await quietly(() => new AsyncFunction('kubook', script)({ ...kubook, createCluster, exercise: async () => {} }));
  return stories;
}
