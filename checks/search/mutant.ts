// The search in a process of its own, over the sources as they are bundled: prints what it found as JSON.
import { search } from './search.ts';

const [seed, runs] = process.argv.slice(2).map(Number) as [number, number];
console.log(JSON.stringify(search({ seed, runs, shrink: false }) ?? null));
