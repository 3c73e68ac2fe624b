// Lesson 3: the API server and etcd.
import type { Exercise } from '../../lib/book/exercise.ts';
import { miniApi } from './03-control-plane/mini-api.ts';
import { prefixScan } from './03-control-plane/prefix-scan.ts';
import { whichStage } from './03-control-plane/stages.ts';

export const exercises: Exercise[] = [whichStage, miniApi, prefixScan];
