// The files of the log: `log-<revision>` holds what happened after that revision.
import { readdirSync, readFileSync, truncateSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { replaceFile, syncFolder } from './files.ts';
import { frameOf, readFrames } from './frames.ts';
import type { LogFile } from './log-writer.ts';
import { damaged } from './problems.ts';
import type { Transaction } from './transactions.ts';

export type NumberedKind = 'log' | 'state';

/** Sorts as its number does. */
export const numbered = (folder: string, kind: NumberedKind, revision: number) => join(folder, `${kind}-${String(revision).padStart(16, '0')}`);

/** The files of one kind, oldest first. */
export function numberedFiles(folder: string, kind: NumberedKind): { file: string; revision: number }[] {
  const names = readdirSync(folder).filter((name) => new RegExp(`^${kind}-\\d{16}$`).test(name));
  return names.sort().map((name) => ({ file: join(folder, name), revision: Number(name.slice(kind.length + 1)) }));
}

/** Makes a log that nothing has been written to. Returns its length. */
export function createLog(folder: string, revision: number): { file: string; end: number } {
  const file = numbered(folder, 'log', revision);
  const head = frameOf(JSON.stringify({ log: 1, after: revision }));
  replaceFile(file, [head]);
  return { file, end: head.length };
}

/** Transactions of a log and where it ends. A torn tail is cut off, unless this is only a look. */
export function readLog(file: string, { cut }: { cut: boolean }): { transactions: Transaction[]; end: number; tail: number } {
  const bytes = readFileSync(file);
  const { texts, end, rest } = readFrames(bytes);
  if (rest === 'damaged' || texts.length === 0) throw damaged(file, end);
  if (rest && cut) {
    truncateSync(file, end);
    syncFolder(dirname(file));
  }
  return { transactions: texts.slice(1).flatMap((text) => JSON.parse(text) as Transaction[]), end, tail: bytes.length - end };
}

export async function openLog(file: string): Promise<LogFile> {
  const handle: FileHandle = await open(file, 'r+');
  return {
    async write(bytes, position) {
      for (let done = 0; done < bytes.length; ) done += (await handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
    },
    sync: () => handle.datasync(),
    truncate: (length) => handle.truncate(length),
    close: () => handle.close(),
  };
}
