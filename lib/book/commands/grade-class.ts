// `kubook grade` over many notebooks: marks in a table, a report for each, and a few lines that say where to look.
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { writeWhole } from '../files.ts';
import { type Entry, type Handed, handedIn, hashOf, type Journal, openJournal } from '../grade/folder.ts';
import { gradeNotebook } from '../grade/notebook.ts';
import { exerciseLines, marksTable, remarks } from '../grade/table.ts';
import { NotebookError, readNotebook } from '../notebooks/read.ts';
import { plainText } from '../plain-text.ts';
import { paint, say, sayJson } from '../terminal.ts';
import { knownExercises } from './context.ts';
import { expectedIds, gradedLines, type GradeFlags, notice, seedsFor } from './grade.ts';

/** True when all of them could be read and graded. */
export async function gradeClass(paths: string[], { json = false, seed, timeout, out }: GradeFlags): Promise<boolean> {
  const handed = handedIn(paths);
  if (handed.length === 0) throw new NotebookError('그 폴더에 노트북(.ipynb)이 없다.', '걷은 노트북이 든 폴더를 적는다.');
  const journal = openJournal(out, seedsFor(seed));
  const entries: Entry[] = [];
  if (!json) say(paint.dim(notice));
  await inTurns(handed, async (one) => {
    const hash = hashOf(one.file);
    const before = journal.find(hash, one.name);
    const entry = before ?? (await gradeOne(one, { hash, journal, timeout }));
    if (!before) journal.add(entry);
    writeWhole(join(out, `${one.name}.txt`), reportOf(entry));
    entries.push(entry);
    if (!json) say(`${String(entries.length).padStart(String(handed.length).length)}/${handed.length}  ${lineOf(entry)}${before ? paint.dim(' (전에 채점했다)') : ''}`);
  });
  entries.sort((a, b) => handed.findIndex(({ name }) => name === a.name) - handed.findIndex(({ name }) => name === b.name));
  const ids = knownExercises().flatMap(({ id }) => (entries.some(({ exercises }) => exercises.some((one) => one.id === id)) ? [id] : []));
  writeWhole(join(out, 'marks.csv'), marksTable(entries, ids));
  if (json) sayJson({ notice, seeds: journal.seeds, notebooks: entries });
  else for (const line of summary(entries, ids, out)) say(line);
  return entries.every(({ unreadable }) => !unreadable);
}

/** As many at a time as there are processors: most of the work is done in the processes of the answers. */
async function inTurns(handed: Handed[], work: (one: Handed) => Promise<void>): Promise<void> {
  const left = [...handed];
  const worker = async () => {
    for (let one = left.shift(); one; one = left.shift()) await work(one);
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), 8) }, worker));
}

async function gradeOne({ file, name }: Handed, { hash, journal, timeout }: { hash: string; journal: Journal; timeout: number }): Promise<Entry> {
  try {
    const notebook = readNotebook(file);
    const graded = await gradeNotebook(notebook, { expected: expectedIds(notebook.lesson), known: knownExercises(), seeds: journal.seeds, limit: timeout * 1000 });
    if (graded.exercises.length === 0) return unread('채점할 연습이 없다');
    return { name, lesson: notebook.lesson, hash, ...graded };
  } catch (error) {
    if (error instanceof NotebookError) return unread(error.message.replace(`'${file}'`, '노트북'));
    throw error;
  }
  function unread(unreadable: string): Entry {
    return { name, hash, unreadable, points: 0, of: 0, passed: false, exercises: [], notes: [] };
  }
}

function lineOf(entry: Entry): string {
  const { name, unreadable, passed, points, of } = entry;
  const marks = (unreadable ? '-' : `${points}/${of}`).padStart(7);
  const more = remarks(entry);
  return `${(passed ? paint.green : unreadable ? paint.red : paint.bold)(marks)}  ${plainText(name)}${more ? paint.yellow(`  ${plainText(more).slice(0, 80)}`) : ''}`;
}

/** May be handed back to whom it is about. */
function reportOf(entry: Entry): string {
  const head = entry.unreadable ? plainText(entry.unreadable) : `모두 ${entry.points}/${entry.of}점`;
  return `${[`${plainText(entry.name)}: ${head}`, ...gradedLines(entry)].join('\n')}\n`;
}

function summary(entries: Entry[], ids: string[], out: string): string[] {
  const read = entries.filter(({ unreadable }) => !unreadable);
  const full = read.filter(({ passed }) => passed).length;
  const none = read.filter(({ points }) => points === 0).length;
  return [
    paint.bold(`\n노트북 ${entries.length}개: 만점 ${full}, 일부 ${read.length - full - none}, 0점 ${none}, 읽지 못함 ${entries.length - read.length}`),
    ...exerciseLines(read, ids).map((line) => `  ${line}`),
    `\n점수표 ${join(out, 'marks.csv')}, 저마다의 결과 ${join(out, '<노트북>.txt')}`,
    '고쳐 낸 것만 다시 채점하려면 같은 명령을 다시 쓴다. 모두 다시 채점하려면 이 폴더를 지운다.',
  ];
}
