// A longer search: node --import tsx checks/search/run.ts [--runs 5000] [--seed 7] [--path PATH of a failure] [--log: all writes of what was found]
import { parseArgs } from 'node:util';
import { play } from './play.ts';
import { report, search } from './search.ts';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '2000' }, seed: { type: 'string', default: '1' }, path: { type: 'string' }, log: { type: 'boolean' } } });
const found = search({ seed: Number(values.seed), runs: Number(values.runs), path: values.path });
if (found && values.log) play(JSON.parse(found.history), (line) => console.log(line));
console.log(found ? report(found) : `${values.runs} histories of seed ${values.seed}: nothing found`);
process.exitCode = found ? 1 : 0;
