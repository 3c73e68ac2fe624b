// `--data DIR`: the store in a folder. kubook.json says what it is, pki/ holds the keys, state-N and log-N the store.
import { readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { makeFolder } from '../make-folder.ts';
import type { Cluster } from '../../cluster/index.ts';
import { replaceFile } from './files.ts';
import { format, head, type Present, readFolder, readIdentity, refuseForeign } from './folder-read.ts';
import { entriesOf, type Found, type Identity, type Keeper, type KeeperVoice, requestTimedOut, spaceExceeded } from './keeper.ts';
import { lock } from './lock.ts';
import { createLog, numbered, numberedFiles, openLog } from './log-file.ts';
import { LogWriter } from './log-writer.ts';
import { asKeepError, reasonOf } from './problems.ts';
import { Progress } from './progress.ts';
import { writeState } from './state-file.ts';
import { encoder, keptOf, transactionsOf } from './transactions.ts';

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
    makeFolder(folder, 0o700);
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
    this.#present = readFolder(folder, readIdentity(folder));
    this.found = this.#present?.found;
    this.progress = new Progress(this.found?.snapshot.revision ?? 0);
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
    makeFolder(pki, 0o700);
    if (!this.found && !this.#entries) {
      replaceFile(join(pki, 'ca.key'), [authority.key]);
      replaceFile(join(pki, 'ca.crt'), [authority.cert]);
      replaceFile(join(pki, 'sa.key'), [serviceAccounts]);
    }
    replaceFile(head(this.#folder), [`${JSON.stringify({ format, ...settings }, null, 2)}\n`]);
  }

  know(identity: Identity): void {
    try {
      this.#writeIdentity(identity);
    } catch (error) {
      this.#options.voice.complain(`${this.#folder}: 클라우드의 상태를 쓰지 못했다 (${reasonOf(error)}).`);
    }
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
    try {
      const { file, end } = createLog(this.#folder, revision);
      const opened = await openLog(file).catch((error: unknown) => {
        // An empty log that nobody goes on with would be a gap.
        rmSync(file, { force: true });
        throw error;
      });
      await this.#writer!.changeTo(opened, end);
      this.#writingState = this.#checkpoint(revision);
    } catch (error) {
      this.#noCheckpoint(error);
    }
  }

  async #checkpoint(revision: number): Promise<void> {
    try {
      await this.#writeState(revision);
      this.#writingState = undefined;
      this.#tidy();
    } catch (error) {
      this.#noCheckpoint(error);
    }
  }

  /** Nothing is lost: the logs go on, and all of them are read at the next start. */
  #noCheckpoint(error: unknown): void {
    this.#writingState = undefined;
    this.#options.voice.complain(`${this.#folder}: 체크포인트를 쓰지 못했다 (${reasonOf(error)}). 로그는 계속 쓴다.`);
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
    if (this.progress.problem) this.#options.voice.complain(`${this.#folder}: 마지막에 일어난 일은 남기지 못했다. 답을 받은 쓰기는 모두 남아 있다.`);
  }
}
