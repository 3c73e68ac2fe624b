// A report as a learner reads it.
import { columns, wrap } from './columns.ts';
import type { Report, Verdict } from './judge.ts';

/** A narrow terminal, and a notebook's cell, show as much without breaking a line themselves. */
const width = 78;
const indent = '      ';

export interface Paint {
  green(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  bold(text: string): string;
  dim(text: string): string;
}

const same = (text: string) => text;
export const plainPaint: Paint = { green: same, red: same, yellow: same, bold: same, dim: same };

export interface ReportOptions {
  paint?: Paint;
  hints?: boolean;
}

export function reportText(report: Pick<Report, 'id' | 'title' | 'points' | 'of' | 'passed' | 'verdicts'>, { paint = plainPaint, hints = true }: ReportOptions = {}): string {
  const lines = [paint.bold(`연습 ${report.id} · ${report.title}`)];
  const common = commonReason(report.verdicts);
  if (common !== undefined) lines.push(...failureLines(common, paint));
  else for (const verdict of report.verdicts) lines.push(...verdictLines(verdict, { paint, hints }));
  lines.push(summary(report, paint));
  return lines.join('\n');
}

/** One reason for all of it. */
export function failureLines(text: string, paint: Paint = plainPaint): string[] {
  return text.split('\n').flatMap((line) => wrap(line, width - 4)).map((line, i) => (i === 0 ? `  ${paint.red('✗')} ` : '    ') + line);
}

/** When the answer itself failed, every check says the same, whatever went in: once is enough, and no check's hint helps. */
function commonReason([first, ...more]: readonly Verdict[]): string | undefined {
  const same = (reason: string | undefined) => reason === first?.reason || (ownError(reason) !== undefined && ownError(reason) === ownError(first?.reason));
  return first?.reason && more.length > 0 && more.every(({ reason }) => same(reason)) ? first.reason : undefined;
}

const ownError = (reason = '') => /답이 오류로 끝났다\. .*/s.exec(reason)?.[0];

function verdictLines(verdict: Verdict, { paint, hints }: Required<ReportOptions>): string[] {
  const head = `${verdict.check} (${verdict.points}/${verdict.of}점)`;
  if (verdict.passed) return [`  ${paint.green('✓')} ${head}`];
  const lines = [`  ${paint.red('✗')} ${head}`];
  if (verdict.reason) lines.push(...indented(verdict.reason));
  if (hints && verdict.hint) lines.push(...indented(`힌트: ${verdict.hint}`).map((line, i) => (i === 0 ? line.replace('힌트', paint.yellow) : line)));
  return lines;
}

function indented(text: string): string[] {
  return text.split('\n').flatMap((line) => wrap(line, width - columns(indent))).map((line) => indent + line);
}

function summary(report: Pick<Report, 'points' | 'of' | 'passed' | 'verdicts'>, paint: Paint): string {
  const score = `${report.points}/${report.of}점`;
  if (report.passed) return paint.green(`  통과! ${score}`);
  const failed = report.verdicts.filter((verdict) => !verdict.passed).length;
  return `  ${score}: 검사 ${report.verdicts.length}개 가운데 ${failed}개가 아직 틀리다. 고쳐서 다시 실행해 보자.`;
}
