// When a schedule is due next (robfig/cron, SpecSchedule.Next).
import { type Zone, utc } from './zone.ts';

export interface Field {
  values: Set<number>;
  /** Written as `*`: such a day does not narrow the other kind of day. */
  star: boolean;
}

/** Fields of a crontab line, or a fixed distance in milliseconds. */
export type Schedule = { every: number } | { minute: Field; hour: Field; dayOfMonth: Field; month: Field; dayOfWeek: Field };

/** A schedule that has not come up for so many years never does. */
const longestWait = 5;
const [second, minute, hour] = [1000, 60_000, 3_600_000];

/** The first time after `after` (milliseconds), undefined when there is none. */
export function nextTime(schedule: Schedule, after: number, zone: Zone = utc): number | undefined {
  const whole = Math.floor(after / second) * second;
  if ('every' in schedule) return whole + schedule.every;
  const last = zone.parts(whole + second).year + longestWait;
  let time = ceil(whole + second, minute);
  for (;;) {
    const now = zone.parts(time);
    if (now.year > last) return undefined;
    if (!schedule.month.values.has(now.month)) time = zone.startOfDay(now.year, now.month + 1, 1);
    else if (!dayMatches(schedule, now)) time = zone.startOfDay(now.year, now.month, now.day + 1);
    else if (!schedule.hour.values.has(now.hour)) time = time - now.minute * minute + hour;
    else if (!schedule.minute.values.has(now.minute)) time += minute;
    else return time;
  }
}

const ceil = (time: number, unit: number) => Math.ceil(time / unit) * unit;

/** With both kinds of day restricted, either is enough. */
function dayMatches({ dayOfMonth, dayOfWeek }: { dayOfMonth: Field; dayOfWeek: Field }, { day, weekday }: { day: number; weekday: number }): boolean {
  const [inMonth, inWeek] = [dayOfMonth.values.has(day), dayOfWeek.values.has(weekday)];
  return dayOfMonth.star || dayOfWeek.star ? inMonth && inWeek : inMonth || inWeek;
}
