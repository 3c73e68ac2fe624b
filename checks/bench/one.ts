// Runs one case once and prints its value.
import { cases, parts } from './cases.ts';

const name = process.argv[2] ?? '';
const run = cases[name]?.run ?? parts[name];
if (!run) throw new Error(`no case ${name}: ${Object.keys(cases).join(', ')}`);
console.log(await run());
