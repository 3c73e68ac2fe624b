// Lesson 3: the API server and etcd.
import type { Exercise } from '../../lib/book/exercise.ts';
import { backup } from './03-control-plane/backup.ts';
import { modernEtcdctl } from './03-control-plane/etcdctl.ts';
import { miniApi } from './03-control-plane/mini-api.ts';
import { prefixScan } from './03-control-plane/prefix-scan.ts';
import { whichStage } from './03-control-plane/stages.ts';
import { whoStopped } from './03-control-plane/who-stopped.ts';

export const exercises: Exercise[] = [whichStage, miniApi, prefixScan, modernEtcdctl, backup, whoStopped];
