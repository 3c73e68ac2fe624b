// `--data DIR`: the store in a folder. kubook.json says what it is, pki/ holds the keys, state-N and log-N the store.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Cluster } from '../../cluster/index.ts';
import { replaceFile } from './files.ts';
import { entriesOf, type Found, type Identity, type Keeper, type KeeperVoice, requestTimedOut, spaceExceeded } from './keeper.ts';
import { lock } from './lock.ts';
import { createLog, numbered, numberedFiles, openLog, readLog } from './log-file.ts';
import { LogWriter } from './log-writer.ts';
import { asKeepError, damaged, KeepError, reasonOf } from './problems.ts';
import { Progress } from './progress.ts';
import { readState, writeState } from './state-file.ts';
import { encoder, GapError, keptOf, Replay, transactionsOf } from './transactions.ts';

const format = 'kubook-data/1';
/** A log this long, and longer than the state before it, is replaced by a state. */
const logLimit = 8 * 1024 * 1024;

export interface FolderOptions {
  voice: KeeperVoice;
  /** Bytes; for tests. */
  logLimit?: number;
}

export function openFolder(path: string, options: FolderOptions): Keeper {
  const folder = resolve(path);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    refuseForeign(folder);
    const unlock = lock(folder);
    try {
      return new DataFolder(folder, unlock, options);
    } catch (error) {
      unlock();
      throw error;
    }
  } catch (error) {
    throw asKeepError(error, folder);
  }
}

const head = (folder: string) => join(folder, 'kubook.json');
const ours = /^(lock(\..*)?|kubook\.json\.new|pki|(log|state)-\d{16}(\.new)?)$/;

/** What somebody else keeps there is not touched. */
function refuseForeign(folder: string): void {
  const other = '쿠북의 것만 있는 폴더나 빈 폴더를 --data 로 정한다.';
  if (!existsSync(head(folder))) {
    const [foreign] = readdirSync(folder).filter((name) => !ours.test(name));
    if (foreign !== undefined) throw new KeepError(folder, `쿠북의 데이터 폴더가 아니다 ('${foreign}'이(가) 있다).`, other);
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
interface Present {
  found: Found;
  log: string;
  end: number;
  stateSize: number;
}

/** Reads state and logs. Nothing is changed but a torn tail. */
function read(folder: string, identity: Identity | undefined): Present | undefined {
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

class DataFolder implements Keeper {
  readonly found: Found | undefined;
  readonly progress: Progress;
  #folder: string;
  #unlock: () => void;
  #options: FolderOptions;
  #present: Present | undefined;
  #entries: ReturnType<typeof entriesOf> | undefined;
  #writer: LogWriter | undefined;
  #stateSize = 0;
  #writingState: Promise<void> | undefined;

  constructor(folder: string, unlock: () => void, options: FolderOptions) {
    this.#folder = folder;
    this.#unlock = unlock;
    this.#options = options;
    this.#present = read(folder, this.#readIdentity());
    this.found = this.#present?.found;
    this.progress = new Progress(this.found?.snapshot.revision ?? 0);
  }

  #readIdentity(): Identity | undefined {
    if (!existsSync(head(this.#folder))) return undefined;
    const { version, nodes, seed } = parsed(readFileSync(head(this.#folder), 'utf8')) as unknown as Identity;
    const [cert, key, serviceAccounts] = ['ca.crt', 'ca.key', 'sa.key'].map((name) => keyFile(join(this.#folder, 'pki', name)));
    return { version, nodes, seed, keys: { authority: { cert: cert!, key: key! }, serviceAccounts: serviceAccounts! } };
  }

  async attach(cluster: Cluster, identity: Identity): Promise<void> {
    try {
      this.#writeIdentity(identity);
      const { found, progress } = this;
      const after = found?.snapshot.revision ?? cluster.server.storage.store.revision;
      this.#entries = entriesOf(cluster, after);
      progress.kept = after;
      if (!found) await this.#writeState(after);
      const { file, end } = this.#present ? { file: this.#present.log, end: this.#present.end } : createLog(this.#folder, after);
      this.#stateSize = this.#present?.stateSize ?? this.#stateSize;
      this.#writer = new LogWriter({ file: await openLog(file), end, progress, onProblem: (error) => this.#failed(cluster, error), onRecovery: () => this.#recovered(cluster), afterSync: (revision, length) => this.#afterSync(revision, length) });
      this.#tidy();
      this.take();
      await progress.reached(cluster.server.storage.store.revision);
    } catch (error) {
      throw asKeepError(error, this.#folder);
    }
  }

  /** The keys first: with kubook.json the folder is a cluster's. */
  #writeIdentity({ keys: { authority, serviceAccounts }, ...settings }: Identity): void {
    const pki = join(this.#folder, 'pki');
    mkdirSync(pki, { recursive: true, mode: 0o700 });
    if (!this.found) {
      replaceFile(join(pki, 'ca.key'), [authority.key]);
      replaceFile(join(pki, 'ca.crt'), [authority.cert]);
      replaceFile(join(pki, 'sa.key'), [serviceAccounts]);
    }
    replaceFile(head(this.#folder), [`${JSON.stringify({ format, ...settings }, null, 2)}\n`]);
  }

  take(): void {
    const entries = this.#entries?.read() ?? [];
    if (entries.length === 0) return;
    const { time, withManagedFields, ttlOf } = this.#entries!;
    const transactions = transactionsOf(entries, { time, encode: encoder(withManagedFields), ttlOf });
    this.#writer!.append(transactions.map((transaction) => JSON.stringify(transaction)).join(','), transactions.at(-1)!.revision);
  }

  /** When the log has grown long: a new one begins here, and the state at this revision is written beside the work. */
  async #afterSync(revision: number, length: number): Promise<void> {
    if (length < Math.max(this.#options.logLimit ?? logLimit, this.#stateSize) || this.#writingState) return;
    const { file, end } = createLog(this.#folder, revision);
    await this.#writer!.changeTo(await openLog(file), end);
    this.#writingState = this.#writeState(revision)
      .then(() => this.#tidy())
      .catch((error: unknown) => this.#options.voice.complain(`${this.#folder}: 체크포인트를 쓰지 못했다 (${reasonOf(error)}). 로그는 계속 쓴다.`))
      .finally(() => (this.#writingState = undefined));
  }

  async #writeState(revision: number): Promise<void> {
    const { store, time, withManagedFields, ttlOf } = this.#entries!;
    const { kvs } = store.range('', { end: '\uffff', revision });
    const encode = encoder(withManagedFields);
    this.#stateSize = await writeState(numbered(this.#folder, 'state', revision), { revision, time, kvs, kept: (kv) => keptOf(kv, encode, ttlOf) });
  }

  /** What the newest state has made superfluous. */
  #tidy(): void {
    const newest = numberedFiles(this.#folder, 'state').at(-1)?.revision ?? 0;
    for (const kind of ['state', 'log'] as const) for (const { file, revision } of numberedFiles(this.#folder, kind)) if (revision < newest) rmSync(file, { force: true });
    for (const name of readdirSync(this.#folder)) if (name.endsWith('.new') && !this.#writingState) rmSync(join(this.#folder, name), { force: true });
  }

  #failed(cluster: Cluster, error: unknown): void {
    const { code } = error as NodeJS.ErrnoException;
    const problem = code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG' ? spaceExceeded() : requestTimedOut();
    if (!this.progress.problem) this.#options.voice.complain(`${this.#folder}: ${reasonOf(error)}. 다시 쓸 수 있을 때까지 클러스터는 읽기만 된다.\n    → 자리를 비우면 스스로 이어 간다.`);
    this.progress.fail(problem);
    cluster.server.storage.refusal = problem;
  }

  #recovered(cluster: Cluster): void {
    cluster.server.storage.refusal = undefined;
    this.#options.voice.say(`${this.#folder}: 다시 쓸 수 있다. 밀린 것을 모두 썼다.`);
  }

  async close(): Promise<void> {
    this.take();
    await this.#writer?.close();
    await this.#writingState;
    this.#unlock();
  }
}

function keyFile(file: string): string {
  if (!existsSync(file)) throw new KeepError(file, '서버의 키 파일이 없다. 이것이 없으면 전에 만든 kubeconfig와 토큰으로 들어올 수 없다.', '그 파일을 되돌려 놓는다.');
  return readFileSync(file, 'utf8');
}
