// Lesson 6: kubeadm.
import type { Exercise } from '../../lib/book/exercise.ts';
import { fileDetective } from './06-kubeadm/files.ts';
import { moveScheduler } from './06-kubeadm/move.ts';
import { fourNodes } from './06-kubeadm/nodes.ts';
import { ranges } from './06-kubeadm/ranges.ts';
import { skew } from './06-kubeadm/skew.ts';
import { tokenDay } from './06-kubeadm/token.ts';

export const exercises: Exercise[] = [fourNodes, tokenDay, skew, ranges, fileDetective, moveScheduler];
