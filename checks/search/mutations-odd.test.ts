import { suite } from 'uvu';
import { huntMutations } from './hunt-mutations.ts';

const test = suite('mutations, odd');
huntMutations(test, 1);
test.run();
