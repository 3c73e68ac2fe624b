// Lesson 16: autoscaling.
import type { Exercise } from '../../lib/book/exercise.ts';
import { efficiency } from './16-autoscaling/efficiency.ts';
import { formula } from './16-autoscaling/formula.ts';
import { nodeCounts } from './16-autoscaling/nodes.ts';
import { stay } from './16-autoscaling/stay.ts';
import { unknownTargets } from './16-autoscaling/unknown.ts';
import { verdict } from './16-autoscaling/verdict.ts';

export const exercises: Exercise[] = [formula, stay, unknownTargets, nodeCounts, efficiency, verdict];
