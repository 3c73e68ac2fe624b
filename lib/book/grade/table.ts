// Marks as a table that spreadsheets open, and as a few lines for whoever looks through a class.
import { plainText } from '../plain-text.ts';
import type { Entry } from './folder.ts';
import type { GradedExercise } from './notebook.ts';

/** `ids` are the columns: all exercises, in the order of the book. The mark before the first letter says UTF-8 to Excel. */
export function marksTable(entries: Entry[], ids: string[]): string {
  const rows = entries.map((entry) => {
    const points = new Map(entry.exercises.map((one) => [one.id, one.points]));
    return [entry.name, entry.lesson ?? '', entry.unreadable ? '' : entry.points, entry.unreadable ? '' : entry.of, ...ids.map((id) => points.get(id) ?? ''), remarks(entry)];
  });
  return `\ufeff${[['노트북', '수업', '점수', '만점', ...ids, '살펴볼 것'], ...rows].map((row) => row.map(field).join(',')).join('\r\n')}\r\n`;
}

/** A text that begins like a formula would be one. */
function field(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = plainText(value);
  const safe = /^\s*[=+\-@]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** What wants a look: an answer that could not be judged, and why. */
export function remarks({ unreadable, exercises, notes }: Entry): string {
  if (unreadable) return unreadable;
  return [...exercises.flatMap((one) => oddity(one).map((why) => `${one.id}: ${why}`)), ...notes].join(' / ');
}

/** What could not be judged, and what reached for more than an answer needs. */
function oddity({ problem, verdicts }: GradedExercise): string[] {
  if (problem) return [problem.replace(/^(\d+번째 줄에서 )?오류로 멈췄다\. /, '')];
  const reached = verdicts.find(({ reason }) => reason && /채점할 때는 쓸 수 없다|기본 객체를 바꾸었다/.test(reason))?.reason;
  return reached ? [reached.replace(/^.*답이 오류로 끝났다\. /, '')] : [];
}

/** For each exercise that not all passed: how many did, and the check at which most did not. */
export function exerciseLines(entries: Entry[], ids: string[]): string[] {
  return ids.flatMap((id) => {
    const all = entries.flatMap(({ exercises }) => exercises.filter((one) => one.id === id));
    const failed = new Map<string, number>();
    for (const { problem, verdicts } of all) {
      for (const name of problem ? ['답이 없거나 실행되지 않았다'] : verdicts.flatMap(({ passed, check }) => (passed ? [] : [check]))) failed.set(name, (failed.get(name) ?? 0) + 1);
    }
    const [most] = [...failed].sort((a, b) => b[1] - a[1]);
    return most ? [`${id}  통과 ${all.filter(({ passed }) => passed).length}/${all.length}  가장 많이 걸린 곳: ${most[0]} (${most[1]})`] : [];
  });
}
