// A cluster that is served in a certain state, to be judged later: what an exercise has to bring.
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { makeFolder } from './make-folder.ts';
import type { Cluster, ClusterOptions } from '../cluster/index.ts';

/** What was asked for cannot be done: says it in Korean, with the next step. */
export class UsageProblem extends Error {}

export interface Play {
  /** Of the folder that holds the learner's files. */
  readonly name: string;
  readonly title: string;
  /** A line that the welcome adds: what to do with it. */
  readonly more?: string;
  /** The cluster in its state; `start` is when it is to be handed over, not when it begins. */
  open(options: Partial<ClusterOptions>): Promise<Cluster>;
  /** Judges what has become of it, with these files on the workstation. `id` is what the learner thinks it is. */
  check(id: string | undefined, files: ReadonlyMap<string, string>): Promise<unknown>;
}

/** Puts the files of the simulated workstation where the learner works. One that was changed is kept beside the new one. */
function writeFiles(folder: string, files: ReadonlyMap<string, string>): { kept: string[] } {
  const kept: string[] = [];
  for (const [path, text] of files) {
    const file = join(folder, path);
    makeFolder(dirname(file));
    if (existsSync(file) && readFileSync(file, 'utf8') !== text) {
      renameSync(file, `${file}.old`);
      kept.push(`${file}.old`);
    }
    writeFileSync(file, text);
  }
  return { kept };
}

/** The learner's files as they are now: those that were put there, and what lies beside them. */
function readFiles(folder: string): Map<string, string> {
  if (!existsSync(folder)) return new Map();
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && !entry.name.endsWith('.old'));
  return new Map(files.map((entry) => join(entry.parentPath, entry.name)).map((file) => [relative(folder, file), readFileSync(file, 'utf8')]));
}

/** Where the learner works on it: a folder with the workstation's files, and what the running server answers about it. */
export interface Desk {
  title: string;
  /** What to do, for the welcome. */
  text: string;
  answer(url: URL): Promise<unknown>;
}

export function deskOf(play: Play, { files }: Cluster): Desk {
  const folder = resolve(play.name);
  const { kept } = writeFiles(folder, files);
  const lines = [
    ...(files.size > 0 ? [`파일은 ${relative('.', folder)}/ 에 있다: ${[...files.keys()].join(', ')}`] : []),
    ...kept.map((file) => `고쳐 둔 파일은 ${relative('.', file)} 로 옮겼다.`),
    ...(play.more ? [play.more] : []),
  ];
  return {
    title: `${play.title}\n`,
    text: lines.map((line) => `\n${line}\n`).join(''),
    async answer({ pathname, searchParams }) {
      if (pathname !== '/kubook/check') throw new UsageProblem(`그런 주소는 없다: ${pathname}`);
      return play.check(searchParams.get('exercise') ?? undefined, new Map([...files, ...readFiles(folder)]));
    },
  };
}
