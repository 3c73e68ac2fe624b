// A longer search: node --import tsx checks/search/run.ts [--profile rollouts] [--runs 5000] [--seed 7] [--path PATH of a failure] [--log: all writes of what was found]
import { parseArgs } from 'node:util';
import { play } from './play.ts';
import { type Profile, profiles } from './profiles.ts';
import { report, search } from './search.ts';

const { values } = parseArgs({ options: { profile: { type: 'string' }, runs: { type: 'string', default: '500' }, seed: { type: 'string', default: '1' }, path: { type: 'string' }, log: { type: 'boolean' } } });
for (const profile of (values.profile ? [values.profile] : Object.keys(profiles)) as Profile[]) {
  const found = search({ profile, seed: Number(values.seed), runs: Number(values.runs), path: values.path });
  if (found && values.log) play(JSON.parse(found.history), (line) => console.log(line));
  console.log(found ? report(found) : `${values.runs} ${profile} histories of seed ${values.seed}: nothing found`);
  if (found) process.exitCode = 1;
}
