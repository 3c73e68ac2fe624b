// Lesson 12: the cluster's network.
import type { Exercise } from '../../lib/book/exercise.ts';
import { blockDev } from './12-cluster-network/block-dev.ts';
import { envelope } from './12-cluster-network/envelope.ts';
import { judge } from './12-cluster-network/judge.ts';
import { miniCni } from './12-cluster-network/mini-cni.ts';
import { names } from './12-cluster-network/names.ts';
import { overlapping } from './12-cluster-network/overlapping.ts';

export const exercises: Exercise[] = [envelope, overlapping, miniCni, names, blockDev, judge];
