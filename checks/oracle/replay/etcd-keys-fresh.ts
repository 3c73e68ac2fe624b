// keys-fresh.txt: what lies in etcd before anybody has asked for anything.
import { readKeys, replayKeys } from '../api/etcd-keys.ts';
import type { Replayer } from '../replayer.ts';

export const replayer: Replayer = { file: 'keys-fresh.txt', read: readKeys, replay: replayKeys('fresh') };
