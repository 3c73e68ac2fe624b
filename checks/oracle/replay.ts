// Finds recordings in a directory and puts each case to the replayer of its file name.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import type { Version } from '../../lib/api/index.ts';
import { attributed } from './attribute.ts';
import { type Outcome, type Replayer, type TestCase } from './replayer.ts';

export interface Replayed {
  id: string;
  outcome: Outcome;
}

export interface FileResult {
  /** Path relative to the directory that was named. */
  path: string;
  /** Missing when no replayer knows the file. */
  cases?: Replayed[];
}

export interface ReplayOptions {
  version: Version;
  served?: boolean;
  /** Every how manieth case is replayed; default: each. */
  every?: number;
  /** Only cases whose id begins so. */
  only?: string;
}

const here = new URL('.', import.meta.url);

/** All replayers: every file of replay/ exports one as `replayer`. */
export async function loadReplayers(): Promise<Map<string, Replayer>> {
  const found = new Map<string, Replayer>();
  for (const name of readdirSync(new URL('replay/', here)).sort()) {
    if (!name.endsWith('.ts')) continue;
    const module: { replayer?: Replayer } = await import(`./replay/${name}`);
    if (module.replayer) found.set(module.replayer.file, module.replayer);
  }
  return found;
}

export async function replayDirectory(directory: string, options: ReplayOptions): Promise<FileResult[]> {
  const replayers = await loadReplayers();
  return filesBelow(directory).map((path) => {
    const replayer = replayers.get(basename(path));
    const shown = relative(directory, path) || basename(path);
    return replayer ? { path: shown, cases: replayFile(path, replayer, options) } : { path: shown };
  });
}

export function replayFile(path: string, replayer: Replayer, { version, served, only = '', every = 1 }: ReplayOptions): Replayed[] {
  const text = readFileSync(path, 'utf8');
  const cases = (replayer.read?.(text, path) ?? readLines(text)).filter(({ id }, i) => id.startsWith(only) && i % every === 0);
  return cases.map((testCase) => ({ id: testCase.id, outcome: attributed((release) => guarded(() => replayer.replay(testCase, { version: release, served })), version) }));
}

/** A case that throws has failed; the others go on. */
function guarded(replay: () => Outcome): Outcome {
  try {
    return replay();
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { result: 'failed', why: `threw ${text.split('\n').slice(0, 4).join('\n      ')}`, threw: true };
  }
}

const readLines = (text: string): TestCase[] => text.split('\n').filter((line) => line.trim() !== '').map((line) => JSON.parse(line));

function filesBelow(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path).sort().flatMap((name) => filesBelow(join(path, name)));
}
