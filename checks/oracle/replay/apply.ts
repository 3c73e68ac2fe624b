// apply.jsonl: server-side apply and managed fields, in process. Recorded twice from v1.20.2 without controllers, in the
// form of patch.jsonl; cases in which Go's order of maps decides were left out.
import { replayRequests } from '../api/request-case.ts';
import type { Replayer } from '../replayer.ts';

export const replayer: Replayer = { file: 'apply.jsonl', replay: replayRequests };
