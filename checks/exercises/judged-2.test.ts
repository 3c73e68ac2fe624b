import { test } from 'uvu';
import { judgedExercises } from './judged.ts';

judgedExercises(test, { part: 1, parts: 3 });

test.run();
