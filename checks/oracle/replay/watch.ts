// watch.jsonl: sequences of events.
import { replayWatch } from '../api/watch-case.ts';
import type { Replayer } from '../replayer.ts';

export const replayer: Replayer = { file: 'watch.jsonl', replay: replayWatch };
