// Time zones of schedules: what a clock on the wall shows at an instant.

export interface WallTime {
  year: number;
  /** 1 is January. */
  month: number;
  day: number;
  /** 0 is Sunday. */
  weekday: number;
  hour: number;
  minute: number;
}

export interface Zone {
  parts(time: number): WallTime;
  /** The instant at which a day begins; days and months beyond the end count on. */
  startOfDay(year: number, month: number, day: number): number;
}

function wallTime(time: number): WallTime {
  const date = new Date(time);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), weekday: date.getUTCDay(), hour: date.getUTCHours(), minute: date.getUTCMinutes() };
}

export const utc: Zone = { parts: wallTime, startOfDay: (year, month, day) => Date.UTC(year, month - 1, day) };

const known = new Map<string, Zone>([['UTC', utc], ['Etc/UTC', utc]]);

/** A zone of the IANA database: `Asia/Seoul`. Undefined when there is none. */
export function timeZone(name: string): Zone | undefined {
  let zone = known.get(name);
  if (!zone && (zone = load(name))) known.set(name, zone);
  return zone;
}

function load(name: string): Zone | undefined {
  if (!/^[A-Za-z]+([/_+-][A-Za-z0-9]+)*$/.test(name) || name === 'Local') return undefined;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: name, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' });
  } catch {
    return undefined;
  }
  /** How far the wall is ahead of UTC at an instant. */
  const offset = (time: number) => {
    const part = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
    return Date.UTC(part.year!, part.month! - 1, part.day, part.hour, part.minute, part.second) - Math.floor(time / 1000) * 1000;
  };
  return {
    parts: (time) => wallTime(time + offset(time)),
    startOfDay(year, month, day) {
      const wall = Date.UTC(year, month - 1, day);
      const guess = wall - offset(wall);
      return wall - offset(guess);
    },
  };
}
