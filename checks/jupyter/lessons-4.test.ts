import { test } from 'uvu';
import { lessonsInJupyter, python } from './in-jupyter.ts';

lessonsInJupyter(test, { part: 3, parts: 4 });
if (!python) test.skip('Jupyter is not installed', () => {});

test.run();
