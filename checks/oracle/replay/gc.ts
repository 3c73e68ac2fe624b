// gc.jsonl: owners, finalizers, grace periods, namespaces; the controllers run.
import { replayGarbageCollection } from '../api/gc-case.ts';
import type { Replayer } from '../replayer.ts';

export const replayer: Replayer = { file: 'gc.jsonl', replay: replayGarbageCollection };
