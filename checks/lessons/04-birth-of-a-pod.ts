// Lesson 4: the birth of a pod.
import type { Exercise } from '../../lib/book/exercise.ts';
import { eightSteps } from './04-birth-of-a-pod/eight-steps.ts';
import { kubeletLoop } from './04-birth-of-a-pod/kubelet-sync.ts';
import { connectionMatrix } from './04-birth-of-a-pod/matrix.ts';
import { fieldOwners } from './04-birth-of-a-pod/owners.ts';
import { ownCloud } from './04-birth-of-a-pod/own-cloud.ts';

export const exercises: Exercise[] = [eightSteps, fieldOwners, connectionMatrix, kubeletLoop, ownCloud];
