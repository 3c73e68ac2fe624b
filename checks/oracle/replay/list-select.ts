// list-select.jsonl: requests and answers of the API server, in process.
import { replayRequests } from '../api/request-case.ts';
import type { Replayer } from '../replayer.ts';

export const replayer: Replayer = { file: 'list-select.jsonl', replay: replayRequests };
