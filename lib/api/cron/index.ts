export { parseSchedule, type ParseOptions } from './parse.ts';
export { nextTime, type Schedule } from './schedule.ts';
export { timeZone, utc, type Zone } from './zone.ts';
