import { test } from 'uvu';
import { lessonsOnBothRoads } from './both-roads.ts';

lessonsOnBothRoads(test, { part: 0, parts: 4 });

test.run();
