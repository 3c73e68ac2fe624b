// Lesson 9: where a pod goes.
import type { Exercise } from '../../lib/book/exercise.ts';
import { diagnosis } from './09-scheduling/diagnosis.ts';
import { filterAndScore } from './09-scheduling/filter-and-score.ts';
import { ownScheduler } from './09-scheduling/own-scheduler.ts';
import { spreading } from './09-scheduling/spreading.ts';
import { tolerations } from './09-scheduling/tolerations.ts';

export const exercises: Exercise[] = [filterAndScore, diagnosis, tolerations, spreading, ownScheduler];
