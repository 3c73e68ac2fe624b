import { test } from 'uvu';
import { lessonsOnBothRoads } from './both-roads.ts';

lessonsOnBothRoads(test, { part: 3, parts: 4 });

test.run();
