// Reads a data folder: whose it is, which cluster lies in it, where its log goes on.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Found, Identity } from './keeper.ts';
import { createLog, numberedFiles, readLog } from './log-file.ts';
import { damaged, KeepError } from './problems.ts';
import { readState } from './state-file.ts';
import { GapError, Replay } from './transactions.ts';

export const format = 'kubook-data/1';

export const head = (folder: string) => join(folder, 'kubook.json');
const ours = /^(lost\+found|lock(\..*)?|kubook\.json\.new|pki|(log|state)-\d{16}(\.new)?)$/;

/** What somebody else keeps there is not touched. */
export function refuseForeign(folder: string): void {
  const other = '쿠북의 것만 있는 폴더나 빈 폴더를 --data 로 정한다.';
  if (!existsSync(head(folder))) {
    const [foreign] = readdirSync(folder).filter((name) => !ours.test(name));
    if (foreign !== undefined) throw new KeepError(folder, `쿠북의 데이터 폴더가 아니다 ('${foreign}' 파일이 있다).`, other);
    return;
  }
  const { format: found } = parsed(readFileSync(head(folder), 'utf8'));
  if (found === format) return;
  throw new KeepError(head(folder), found === undefined ? '쿠북이 쓴 파일이 아니거나 망가졌다.' : `이 쿠북이 모르는 형식이다 (${String(found)}, 아는 것은 ${format}).`, found === undefined ? other : '이 폴더를 쓰던 쿠북으로 열거나 다른 폴더를 정한다.');
}

function parsed(text: string): Record<string, unknown> {
  try {
    return (JSON.parse(text) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** What lies there, and the log to go on with. */
export interface Present {
  found: Found;
  log: string;
  end: number;
  stateSize: number;
}

/** Reads state and logs. Nothing is changed but a torn tail. */
export function readFolder(folder: string, identity: Identity | undefined): Present | undefined {
  const state = numberedFiles(folder, 'state').at(-1);
  if (!state || !identity) return undefined;
  const { size, ...kept } = readState(state.file);
  const replay = new Replay(kept);
  const logs = numberedFiles(folder, 'log').filter(({ revision }) => revision >= state.revision);
  let end = 0;
  for (const { file, revision } of logs) {
    if (revision !== replay.revision) throw damaged(file, 0);
    end = replayLog(replay, file, file === logs.at(-1)!.file);
  }
  const log = logs.at(-1)?.file;
  const made = log === undefined ? createLog(folder, replay.revision) : { file: log, end };
  return { found: { snapshot: replay.snapshot, time: replay.time, identity }, log: made.file, end: made.end, stateSize: size };
}

function replayLog(replay: Replay, file: string, last: boolean): number {
  const { transactions, end, tail } = readLog(file, { cut: last });
  if (tail > 0 && !last) throw damaged(file, end);
  try {
    for (const transaction of transactions) replay.take(transaction);
  } catch (error) {
    if (error instanceof GapError) throw new KeepError(file, `리비전이 이어지지 않는다 (${error.message}).`, '백업에서 되돌리거나, 다른 --data 폴더로 새로 시작한다.');
    throw error;
  }
  return end;
}

/** What the cluster is, when the folder has one. */
export function readIdentity(folder: string): Identity | undefined {
  if (!existsSync(head(folder))) return undefined;
  const { version, nodes, seed, cloud } = parsed(readFileSync(head(folder), 'utf8')) as unknown as Identity;
  const [cert, key, serviceAccounts] = ['ca.crt', 'ca.key', 'sa.key'].map((name) => keyFile(join(folder, 'pki', name))) as [string, string, string];
  return { version, nodes, seed, ...(cloud && { cloud }), keys: { authority: { cert, key }, serviceAccounts } };
}

function keyFile(file: string): string {
  if (!existsSync(file)) throw new KeepError(file, '서버의 키 파일이 없다. 이것이 없으면 전에 만든 kubeconfig와 토큰으로 들어올 수 없다.', '그 파일을 되돌려 놓는다.');
  return readFileSync(file, 'utf8');
}
