// Judges one answer, run alone in a process of its own.
import { type JudgedAnswer, judgeAnswer } from '../apart/judge-answer.ts';
import { analyse, type CellMessage } from '../cells/analyse.ts';
import { checkTypes } from '../cells/types.ts';
import type { Report, Verdict } from '../judge.ts';

export interface AnswerOptions {
  seeds: number[];
  /** Milliseconds for all seeds together. */
  limit: number;
  kubook?: string;
  kubookTypes?: string;
  /** Names of the library that the answer may not use. */
  withheld?: string[] | undefined;
}

export interface GradedAnswer {
  points: number;
  passed: boolean;
  verdicts: Verdict[];
  /** Why nothing could be judged: Korean, with the place and the next step. */
  problem?: string;
}

/** `imports` come before the answer; lines are counted in `code` alone. */
export async function gradeAnswer(id: string, { code, imports }: { code: string; imports: string[] }, options: AnswerOptions): Promise<GradedAnswer> {
  const { seeds, limit, kubook, kubookTypes, withheld } = options;
  const cells = [imports.join('\n'), code];
  const [messages] = checkTypes([cells], kubookTypes ? { kubook: kubookTypes } : {});
  const judged = await judgeAnswer(cells, { messages: messages!, seeds, limit, withheld, ...(kubook && { kubook }) });
  const reports = judged.reports.filter((report) => report.id === id);
  const message = analyse(code).messages[0] ?? messages![1]![0];
  const problem = problemOf(id, judged, { seeds: seeds.length, reports, message, seconds: limit / 1000 });
  if (problem) return { points: 0, passed: false, verdicts: [], problem };
  return merge(reports);
}

interface Known {
  seeds: number;
  reports: Report[];
  message: CellMessage | undefined;
  seconds: number;
}

const breaches: Record<NonNullable<JudgedAnswer['breach']>, (seconds: number) => string> = {
  endless: (seconds) => `답이 ${seconds}초 안에 끝나지 않아 멈췄다. 끝나지 않는 반복(while, for)이나 기다림이 있는지 본다.`,
  stuck: () => '답이 기다리는 것이 영영 오지 않는다. 끝나지 않는 Promise를 await하는지 본다.',
  memory: () => '답이 메모리를 다 썼다. 끝없이 커지는 값이 있는지 본다.',
  ended: () => '답의 프로세스가 끝나 버렸다. 끝없이 부르는 함수나 끝없이 커지는 값이 있는지 본다.',
  oversized: () => '답이 내놓은 것이 너무 크다. 끝없이 커지는 값이 있는지 본다.',
  left: () => '답이 exercise(…)를 기다리지 않고 끝났다. 앞에 await가 있는지 본다.',
  malformed: () => '답이 내놓은 것을 읽을 수 없다. 채점과 주고받는 말을 바꾸려 한 답은 점수가 없다.',
};

function problemOf(id: string, result: JudgedAnswer, { seeds, reports, message, seconds }: Known): string | undefined {
  if (result.breach) return breaches[result.breach](seconds);
  if (result.refused !== undefined) return message ? messageText(message) : `읽을 수 없는 코드다: ${result.refused}`;
  if (result.error && reports.length < seeds) return errorText(result.error);
  if (result.unknown.includes(id)) return `'${id}' 연습은 없다. 처음 받은 셀의 이름을 그대로 쓴다.`;
  if (reports.length < seeds) return `exercise('${id}', …)가 끝까지 실행되지 않았다. 앞에 await가 있는지 본다.`;
}

function messageText({ line, column, text }: CellMessage): string {
  const missing = /^Cannot find name '(\w+)'/.exec(text)?.[1];
  return `${line}번째 줄 ${column}번째 글자: ${text}${missing ? aloneText(missing) : ''}`;
}

function errorText({ name, message, line }: NonNullable<JudgedAnswer['error']>): string {
  const missing = name === 'ReferenceError' && /^(\S+) is not defined/.exec(message)?.[1];
  const next = missing ? aloneText(missing) : '';
  return `${line ? `${line}번째 줄에서 ` : ''}오류로 멈췄다. ${name}: ${message.split('\n')[0]}${next}`;
}

function aloneText(missing: string): string {
  return ` 연습 셀은 혼자 실행된다: '${missing}'도 같은 셀 안에 적거나 import한다.`;
}

/** A check holds when it held for every seed; otherwise the first failure is shown. */
function merge(reports: Report[]): GradedAnswer {
  const verdicts = reports[0]!.verdicts.map((verdict, i) => reports.map((report) => report.verdicts[i]!).find((one) => !one.passed) ?? verdict);
  return { verdicts, points: verdicts.reduce((sum, one) => sum + one.points, 0), passed: verdicts.every((one) => one.passed) };
}
