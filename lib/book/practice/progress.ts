// How far the learner came: a plain file in the project.
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../files.ts';
import { readIfThere, root } from '../project.ts';

export interface Progress {
  version: 1;
  /** The exercise at which the learner stopped. */
  current?: string;
  exercises: Record<string, { points: number; of: number; passed: boolean }>;
}

const progressFile = join(root, '.kubook', 'progress.json');

/** `damaged` names the file to which an unreadable one was moved: nothing is thrown away. */
export function readProgress(): { progress: Progress; damaged?: string } {
  const fresh: Progress = { version: 1, exercises: {} };
  const text = readIfThere(progressFile);
  if (text === undefined) return { progress: fresh };
  try {
    const found = JSON.parse(text);
    if (found?.version === 1 && typeof found.exercises === 'object' && found.exercises) return { progress: found };
  } catch {
    // Handled like any other damage below.
  }
  const damaged = `${progressFile}.damaged`;
  renameSync(progressFile, damaged);
  return { progress: fresh, damaged };
}

export function saveProgress(progress: Progress): void {
  writeWhole(progressFile, `${JSON.stringify(progress, null, 2)}\n`);
}

/** The best result counts: trying something else later loses nothing. */
export function record(progress: Progress, id: string, result: { points: number; of: number; passed: boolean }): Progress {
  const before = progress.exercises[id];
  const best = before && before.points > result.points ? before : { points: result.points, of: result.of, passed: result.passed };
  return { ...progress, exercises: { ...progress.exercises, [id]: best } };
}
