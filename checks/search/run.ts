// A longer search: node --import tsx checks/search/run.ts [--runs 5000] [--seed 7] [--path PATH of a failure]
import { parseArgs } from 'node:util';
import { report, search } from './search.ts';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '2000' }, seed: { type: 'string', default: '1' }, path: { type: 'string' } } });
const found = search({ seed: Number(values.seed), runs: Number(values.runs), path: values.path });
console.log(found ? report(found) : `${values.runs} histories of seed ${values.seed}: nothing found`);
process.exitCode = found ? 1 : 0;
