// apply.jsonl: server-side apply and managed fields, in process.
import { replayRequests } from '../api/request-case.ts';
import type { Replayer } from '../replayer.ts';

export const replayer: Replayer = { file: 'apply.jsonl', replay: replayRequests };
