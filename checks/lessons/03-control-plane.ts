// Lesson 3: the API server and etcd.
import type { Exercise } from '../../lib/book/exercise.ts';
import { miniApi } from './03-control-plane/mini-api.ts';

export const exercises: Exercise[] = [miniApi];
