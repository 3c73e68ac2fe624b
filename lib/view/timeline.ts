// What happened when: events on a line of time, one lane an object.
import { type Event, humanDuration } from '../api/index.ts';
import { type Drawing, drawing } from './drawing.ts';
import { element, escapeXml, label, picture, shortened } from './svg.ts';

interface Moment {
  time: number;
  lane: string;
  warning: boolean;
  reason: string;
  message: string;
  count: number;
}

const timeOf = (event: Event) => Date.parse(String(event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp));

function momentsOf(events: Iterable<Event>): Moment[] {
  const moments = [...events].map((event) => ({
    time: timeOf(event),
    lane: `${event.involvedObject.kind}/${event.involvedObject.name}`,
    warning: event.type === 'Warning',
    reason: event.reason ?? '',
    message: event.message ?? '',
    count: event.count ?? 1,
  }));
  return moments.sort((a, b) => a.time - b.time);
}

function text(moments: readonly Moment[]): string {
  if (moments.length === 0) return '이벤트 없음';
  const start = moments[0]!.time;
  const rows = moments.map((m) => [`+${humanDuration(m.time - start)}`, m.lane, `${m.warning ? '! ' : ''}${m.reason}`, `${m.message}${m.count > 1 ? ` (${m.count}회)` : ''}`]);
  const widths = [0, 1, 2].map((i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows.map((row) => row.map((cell, i) => (i < 3 ? cell.padEnd(widths[i]!) : cell)).join('  ')).join('\n');
}

const left = 230;
const laneHeight = 30;
const lineWidth = 560;

function svg(moments: readonly Moment[]): string {
  const lanes = [...new Set(moments.map(({ lane }) => lane))];
  const start = moments[0]?.time ?? 0;
  const length = Math.max(1, (moments.at(-1)?.time ?? 0) - start);
  const x = (time: number) => left + ((time - start) / length) * lineWidth;
  const y = (lane: string) => 40 + lanes.indexOf(lane) * laneHeight;
  const height = 56 + lanes.length * laneHeight;
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) => label(left + part * lineWidth, 20, `+${humanDuration(part * length)}`, { size: 10, fill: '#5a6978', anchor: 'middle' }));
  const rails = lanes.flatMap((lane) => [label(12, y(lane) + 4, shortened(lane, 34), { size: 11 }), element('line', { x1: left, y1: y(lane), x2: left + lineWidth, y2: y(lane), stroke: '#e4e9ee' })]);
  const dots = moments.map((m) => element('circle', { cx: x(m.time), cy: y(m.lane), r: 5, fill: m.warning ? '#c53030' : '#4b8fd6', 'fill-opacity': 0.85 }, element('title', {}, escapeXml(`+${humanDuration(m.time - start)} ${m.reason}: ${m.message}`))));
  return picture(left + lineWidth + 40, height, '이벤트의 흐름', [...ticks, ...rails, ...dots, label(12, height - 12, '파랑 Normal · 빨강 Warning', { size: 10, fill: '#5a6978' })]);
}

/** Events as a drawing; times count from the first. */
export function timeline(events: Iterable<Event>): Drawing {
  const moments = momentsOf(events);
  return drawing(() => text(moments), () => svg(moments));
}
