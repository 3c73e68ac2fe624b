import { test } from 'uvu';
import { judgedExercises } from './judged.ts';

judgedExercises(test, { part: 2, parts: 3 });

test.run();
