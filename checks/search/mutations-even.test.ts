import { suite } from 'uvu';
import { close, find, half } from './hunt-mutations.ts';

const test = suite('mutations, even');
for (const mutation of half(0)) test(`found: ${mutation.name}`, () => find(mutation));
test.after(close);
test.run();
