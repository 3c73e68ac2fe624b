import { test } from 'uvu';
import { lessonsOnBothRoads } from './both-roads.ts';

lessonsOnBothRoads(test, { part: 1, parts: 4 });

test.run();
