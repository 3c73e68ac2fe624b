import { test } from 'uvu';
import { transcriptsOnBothRoads } from './both-roads.ts';

transcriptsOnBothRoads(test);

test.run();
