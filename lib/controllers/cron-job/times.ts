// When a cron job should have started, and when it should start next.
import { type CronJob, nextTime, parseSchedule, type Schedule, timeZone, utc, type Version } from '../../api/index.ts';

/** A little late, so that clocks that differ do not matter. */
const delta = 100;
/** More missed starts than these and something is wrong with a clock. */
export const mostMissed = 100;

/** Throws when the schedule cannot be read. */
export const scheduleOf = ({ spec }: CronJob, version: Version): Schedule => parseSchedule(spec.schedule, { v3: version.has('cron-parser-v3') });
const zoneOf = ({ spec }: CronJob) => (spec.timeZone ? (timeZone(spec.timeZone) ?? utc) : utc);

export interface Missed {
  count: number;
  /** Milliseconds. */
  last?: number;
}

/** Starts since the last one (or since the cron job was made) that have not happened; those past their deadline count no more. */
export function missedStarts(cronJob: CronJob, schedule: Schedule, { now, most = Infinity }: { now: number; most?: number }): Missed {
  const { status, metadata, spec } = cronJob;
  const deadline = spec.startingDeadlineSeconds === undefined ? -Infinity : now - spec.startingDeadlineSeconds * 1000;
  const since = Math.max(Date.parse(status?.lastScheduleTime ?? metadata.creationTimestamp), deadline);
  const missed: Missed = { count: 0 };
  for (let time = nextTime(schedule, since, zoneOf(cronJob)); time !== undefined && time <= now && missed.count <= most; time = nextTime(schedule, time, zoneOf(cronJob))) {
    missed.count++;
    missed.last = time;
  }
  return missed;
}

/** Milliseconds until the next start, undefined when there is none. */
export function untilNext(cronJob: CronJob, schedule: Schedule, now: number): number | undefined {
  const next = nextTime(schedule, now, zoneOf(cronJob));
  return next === undefined ? undefined : next + delta - now;
}

/** A start has one name, so that nobody can make its job twice: the seconds since 1970, later the minutes. */
export function jobName({ metadata }: CronJob, scheduled: number, version: Version): string {
  return `${metadata.name}-${Math.floor(scheduled / (version.has('cron-job-controller-v2') ? 60_000 : 1000))}`;
}

export const isTooLate = ({ spec }: CronJob, scheduled: number, now: number) => spec.startingDeadlineSeconds !== undefined && scheduled + spec.startingDeadlineSeconds * 1000 < now;

/** RFC 1123 with a numeric zone, as Go prints it: `Mon, 02 Jan 2006 15:04:05 +0000`. */
export const rfc1123 = (time: number) => new Date(time).toUTCString().replace('GMT', '+0000');
