// One process at a time: a lock file that says who holds it. What a killed process has left behind is taken over.
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KeepError } from './problems.ts';

/** Names a process so that another one with the same number is not taken for it. */
interface Owner {
  pid: number;
  /** When it started and in which boot, where the system tells. */
  born: string;
}

/** Takes the folder for this process. Returns how to give it back. */
export function lock(folder: string): () => void {
  const file = join(folder, 'lock');
  const draft = `${file}.${process.pid}`;
  const mine = JSON.stringify({ pid: process.pid, born: bornOf(process.pid) } satisfies Owner);
  writeFileSync(draft, mine);
  try {
    for (let tries = 0; !tryLink(draft, file); tries++) takeOver(folder, file, tries);
  } finally {
    rmSync(draft, { force: true });
  }
  return () => {
    if (read(file) === mine) rmSync(file, { force: true });
  };
}

/** A link is made or it is not: no two processes see it succeed. */
function tryLink(draft: string, file: string): boolean {
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Puts the lock of a dead process aside. */
function takeOver(folder: string, file: string, tries: number): void {
  const text = read(file);
  if (text === undefined) return;
  const owner = ownerOf(text);
  if ((owner && isAlive(owner)) || tries > 5) throw new KeepError(folder, `다른 쿠북이 쓰고 있다 (프로세스 ${owner?.pid ?? '?'}).`, '그것을 끝내거나 --data 로 다른 폴더를 정한다.');
  const aside = `${file}.${process.pid}.old`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return;
  }
  // Somebody else was faster and holds it now: it gets its lock back.
  if (read(aside) !== text) tryLink(aside, file);
  rmSync(aside, { force: true });
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Undefined when the file says nothing: its writer was killed, or lost power. */
function ownerOf(text: string): Owner | undefined {
  try {
    const { pid, born } = JSON.parse(text) as Owner;
    return Number.isInteger(pid) && pid > 0 ? { pid, born } : undefined;
  } catch {
    return undefined;
  }
}

function isAlive({ pid, born }: Owner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return born === bornOf(pid) && !isZombie(pid);
}

/** Fields of Linux's /proc/PID/stat after the program's name; none elsewhere. */
function statOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
  } catch {
    return [];
  }
}

const isZombie = (pid: number) => statOf(pid)[0] === 'Z';

function bornOf(pid: number): string {
  const ticks = statOf(pid)[19];
  return ticks === undefined ? '' : `${ticks}@${read('/proc/sys/kernel/random/boot_id')?.trim() ?? ''}`;
}
