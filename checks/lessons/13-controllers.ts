// Lesson 13: controllers.
import type { Exercise } from '../../lib/book/exercise.ts';
import { adoption } from './13-controllers/adoption.ts';
import { division } from './13-controllers/division.ts';
import { nodeDeath } from './13-controllers/node-death.ts';
import { ownReplicaSets } from './13-controllers/own-replica-sets.ts';
import { seamlessRollout } from './13-controllers/rollout.ts';
import { kinds } from './13-controllers/stories.ts';

export const exercises: Exercise[] = [adoption, ownReplicaSets, seamlessRollout, division, kinds, nodeDeath];
