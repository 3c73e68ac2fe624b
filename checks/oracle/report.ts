// Prints what a replay found.
import type { FileResult, Replayed } from './replay.ts';

const shownFailures = 40;

/** Prints the failures, the counts per file and per rule, and the totals; returns the exit status. */
export function report(files: readonly FileResult[]): number {
  const known = files.filter((file) => file.cases);
  const all = known.flatMap((file) => file.cases ?? []);
  const failures = all.filter(({ outcome }) => outcome.result === 'failed');
  for (const { id, outcome } of failures.slice(0, shownFailures)) if (outcome.result === 'failed') console.log(`FAILED ${id}: ${outcome.why}`);
  if (failures.length > shownFailures) console.log(`… and ${failures.length - shownFailures} more`);
  printFiles(known);
  printRules(all);
  const unknown = files.filter((file) => !file.cases).map((file) => file.path);
  if (unknown.length > 0) console.log(`no replayer for ${unknown.length} files: ${shorten(unknown)}`);
  console.log(totals(all));
  return failures.length > 0 || all.length === 0 ? 1 : 0;
}

export const count = (cases: readonly Replayed[], result: Replayed['outcome']['result']) => cases.reduce((n, { outcome }) => n + (outcome.result === result ? 1 : 0), 0);

const totals = (cases: readonly Replayed[]) => `${count(cases, 'passed')} passed, ${count(cases, 'failed')} failed, ${count(cases, 'skipped')} skipped`;

function printFiles(files: readonly FileResult[]): void {
  const width = Math.max(0, ...files.map(({ path }) => path.length));
  for (const { path, cases = [] } of files) console.log(`${path.padEnd(width)}  ${totals(cases)}`);
}

function printRules(cases: readonly Replayed[]): void {
  const counts = new Map<string, number>();
  for (const { outcome } of cases) if (outcome.result === 'skipped') counts.set(outcome.rule, (counts.get(outcome.rule) ?? 0) + 1);
  for (const [rule, hidden] of [...counts].sort(([, a], [, b]) => b - a)) console.log(`rule "${rule}" hid ${hidden}`);
  const parts = new Map<string, number>();
  for (const { outcome } of cases) for (const rule of (outcome.result === 'passed' && outcome.hid) || []) parts.set(rule, (parts.get(rule) ?? 0) + 1);
  for (const [rule, hidden] of [...parts].sort(([, a], [, b]) => b - a)) console.log(`rule "${rule}" hid a part of ${hidden} that passed`);
}

const shorten = (paths: readonly string[]) => (paths.length > 12 ? `${paths.slice(0, 12).join(', ')} …` : paths.join(', '));
