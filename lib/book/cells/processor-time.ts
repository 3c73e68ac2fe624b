import { readFileSync } from 'node:fs';

/** Milliseconds of a processor that a process has used, whether it wants one now, and the bytes it holds; undefined where the system does not say (Linux does). */
export function processorTime(pid: number): { used: number; busy: boolean; memory: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...rest] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    // Fields 14, 15 (hundredths of a second) and 24 (pages) of proc(5).
    return { used: (Number(rest[10]) + Number(rest[11])) * 10, busy: state === 'R' || state === 'D', memory: Number(rest[20]) * 4096 };
  } catch {
    return undefined;
  }
}
