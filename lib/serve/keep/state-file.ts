// A whole store in one file, so that the log before it can go.
import { readFileSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { KeyValue } from '../../etcd/index.ts';
import { syncFolder } from './files.ts';
import { frameOf, readFrames } from './frames.ts';
import { damaged } from './problems.ts';
import type { Kept, State } from './transactions.ts';

/** Keys of one frame: the event loop turns between two of them. */
const portion = 200;

export interface StateWriting {
  revision: number;
  time: number;
  kvs: readonly KeyValue[];
  kept(kv: KeyValue): Kept;
}

/** Writes it beside, then puts it in place. The values are frozen: they stay what they were at the revision. */
export async function writeState(file: string, { revision, time, kvs, kept }: StateWriting): Promise<number> {
  const draft = `${file}.new`;
  const handle = await open(draft, 'w', 0o600);
  let size = 0;
  try {
    const write = async (value: unknown) => {
      const frame = frameOf(JSON.stringify(value));
      size += frame.length;
      await handle.writeFile(frame);
    };
    await write({ state: 1, revision, time, count: kvs.length });
    for (let i = 0; i < kvs.length; i += portion) await write(kvs.slice(i, i + portion).map(kept));
    await handle.sync();
  } catch (error) {
    await handle.close();
    await rm(draft, { force: true });
    throw error;
  }
  await handle.close();
  await rename(draft, file);
  syncFolder(dirname(file));
  return size;
}

/** Was put in place whole: whatever is missing of it has been damaged since. */
export function readState(file: string): State & { size: number } {
  const bytes = readFileSync(file);
  const { texts, end, rest } = readFrames(bytes);
  const [head, ...frames] = texts.map((text) => JSON.parse(text));
  const kvs = frames.flat() as Kept[];
  if (rest || kvs.length !== head?.count) throw damaged(file, end);
  return { revision: head.revision, time: head.time, kvs, size: bytes.length };
}
