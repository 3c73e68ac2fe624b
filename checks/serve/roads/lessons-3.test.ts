import { test } from 'uvu';
import { lessonsOnBothRoads } from './both-roads.ts';

lessonsOnBothRoads(test, { part: 2, parts: 4 });

test.run();
