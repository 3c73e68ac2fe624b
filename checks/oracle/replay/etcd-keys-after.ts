// keys-after.txt: what lies in etcd after one object of each kind was made.
import { readKeys, replayKeys } from '../api/etcd-keys.ts';
import type { Replayer } from '../replayer.ts';

export const replayer: Replayer = { file: 'keys-after.txt', read: readKeys, replay: replayKeys('after') };
