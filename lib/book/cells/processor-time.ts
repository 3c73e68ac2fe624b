import { readFileSync } from 'node:fs';

/** Milliseconds of a processor that a process has used, and whether it wants one now; undefined where the system does not say (Linux does). */
export function processorTime(pid: number): { used: number; busy: boolean } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...rest] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    // Fields 14 and 15 of proc(5), in hundredths of a second.
    return { used: (Number(rest[10]) + Number(rest[11])) * 10, busy: state === 'R' || state === 'D' };
  } catch {
    return undefined;
  }
}
