// How long a job waits before it replaces a failed pod.
import type { Pod } from '../../api/index.ts';

export interface BackOffRange {
  /** Milliseconds. */
  first: number;
  longest: number;
}

/** v1.20: by how often the job was put back; once more each time. */
export const syncBackOff: BackOffRange = { first: 10_000, longest: 360_000 };
/** Since pods are tracked: by how many failed since one last succeeded. */
export const podBackOff: BackOffRange = { first: 10_000, longest: 600_000 };

/** Nothing before the first failure, then 10 s, 20 s, 40 s … */
export function backOffDelay(failures: number, { first, longest }: BackOffRange): number {
  return failures <= 0 ? 0 : Math.min(first * 2 ** (failures - 1), longest);
}

/** Failures of a job's pods since the last success. */
export interface BackOffRecord {
  failures: number;
  /** Milliseconds; when the last pod failed. */
  last: number;
}

export function nextRecord(record: BackOffRecord | undefined, succeeded: readonly Pod[], failed: readonly Pod[]): BackOffRecord {
  const lastSuccess = Math.max(-Infinity, ...succeeded.map(finishTime));
  const times = failed.map(finishTime).filter((time) => time > lastSuccess);
  const before = succeeded.length > 0 ? 0 : (record?.failures ?? 0);
  return { failures: before + times.length, last: Math.max(record?.last ?? -Infinity, ...times) };
}

export function remaining({ failures, last }: BackOffRecord, now: number): number {
  return failures === 0 ? 0 : Math.max(0, last + backOffDelay(failures, podBackOff) - now);
}

/** When the last container of a pod ended, or the nearest thing to it. */
export function finishTime({ status, metadata }: Pod): number {
  const ended = (status.containerStatuses ?? []).map(({ state }) => Date.parse(state?.terminated?.finishedAt ?? '')).filter((time) => !Number.isNaN(time));
  if (ended.length > 0) return Math.max(...ended);
  const ready = status.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime;
  return Date.parse(ready ?? metadata.deletionTimestamp ?? metadata.creationTimestamp);
}
