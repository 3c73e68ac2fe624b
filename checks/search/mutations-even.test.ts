import { suite } from 'uvu';
import { huntMutations } from './hunt-mutations.ts';

const test = suite('mutations, even');
huntMutations(test, 0);
test.run();
