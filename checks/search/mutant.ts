// The bounded search in a process of its own, over the sources as they are bundled: prints the first history that finds something.
import fc from 'fast-check';
import { runs, seeds } from './bounds.ts';
import { history } from './history.ts';
import { play } from './play.ts';

const first = Number(process.argv[2]);
const all = seeds.flatMap((seed) => fc.sample(history, { seed, numRuns: runs }));
for (const i of new Set([first, ...all.keys()])) {
  const [problem] = play(all[i]!);
  if (problem === undefined) continue;
  console.log(JSON.stringify({ i, problem: problem.slice(0, 200) }));
  break;
}
