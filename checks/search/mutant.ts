// The bounded search in a process of its own, over the sources as they are bundled: prints the first history that finds something; with `all`, each of them.
import { bounded } from './bounds.ts';
import { play } from './play.ts';

const [, , first = '', every] = process.argv;
const histories = bounded();
for (const name of new Set([...(histories.has(first) ? [first] : []), ...histories.keys()])) {
  const [problem] = play(histories.get(name)!);
  if (problem === undefined) continue;
  console.log(JSON.stringify({ name, problem: problem.slice(0, 200) }));
  if (!every) break;
}
