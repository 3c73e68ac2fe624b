// The test command: builds, refuses test files that would pass by not running, runs the rest, and counts.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { inParallel } from '../lib/book/verify/parallel.ts';
import { bundle } from './bundle.ts';

const root = join(import.meta.dirname, '..');
const only = process.argv.slice(2);

/** A uvu suite that is never run reports nothing and exits with 0. */
export function forgetsRun(text: string): boolean {
  const suites = [...text.matchAll(/^(?:const|let)\s+(\w+)\s*=\s*suite[<(]/gm)].map((match) => match[1]!);
  if (/^import\s*\{[^}]*\btest\b[^}]*\}\s*from\s*'uvu'/m.test(text)) suites.push('test');
  return suites.length === 0 || suites.some((name) => !new RegExp(`^\\s*${name}\\.run\\(\\)`, 'm').test(text));
}

/** uvu compares nothing with a text after the function, and calls a class of errors as if it were a test. */
export function comparesNothing(text: string): boolean {
  return /assert\.throws\(.*, (?:(['"`]).*\1|\w+Error)\);?$/m.test(text);
}

interface Outcome {
  passed: number;
  failed: number;
  skipped: number;
}

/** What takes longest comes first, so that at the end no processor waits for another. */
const longest = ['oracle/', 'serve/etcd-kills', 'serve/roads', 'exercises/judged', 'jupyter/lessons', 'book/', 'serve/', 'search/', 'lessons.test'];
const rank = (name: string) => (longest.findIndex((one) => name.startsWith(one)) + longest.length + 1) % (longest.length + 1);

function testFiles(): string[] {
  return readdirSync(join(root, 'checks'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts') && (only.length === 0 || only.some((word) => name.includes(word))))
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
    .map((name) => join(root, 'checks', name));
}

async function runFile(file: string, script: string): Promise<Outcome> {
  const name = relative(root, file);
  if (forgetsRun(readFileSync(file, 'utf8'))) {
    console.log(`✗ ${name}: a suite without .run() tests nothing`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
  if (comparesNothing(readFileSync(file, 'utf8'))) {
    console.log(`✗ ${name}: assert.throws with a text or a class compares nothing; throwsText does`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const begin = performance.now();
  const { status, output } = await execute(script);
  const seconds = Math.round((performance.now() - begin) / 1000);
  const count = (word: string) => Number(new RegExp(`^\\s+${word}:\\s+(\\d+)`, 'm').exec(output)?.[1] ?? 0);
  const outcome = { passed: count('Passed'), failed: count('Total') - count('Passed'), skipped: count('Skipped') };
  // It failed outside of a test, or it tested nothing.
  if (status !== 0 && outcome.failed === 0) outcome.failed = 1;
  if (outcome.passed + outcome.failed + outcome.skipped === 0) outcome.failed = 1;
  const notes = [...output.matchAll(/^NOTE (.+)$/gm)].map((match) => ` (${match[1]})`).join('');
  const took = seconds < 5 ? '' : `, ${seconds} s`;
  console.log(outcome.failed > 0 ? `✗ ${name}${took}\n${output}` : `✓ ${name}: ${outcome.passed}${took}${notes}`);
  return outcome;
}

function execute(script: string): Promise<{ status: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script], { cwd: root, detached: true, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, FORCE_COLOR: '0' } });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
    // With all that it has started.
    const timer = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), 300_000);
    child.on('close', (status) => {
      clearTimeout(timer);
      resolve({ status, output });
    });
  });
}

async function main(): Promise<void> {
  const built = spawnSync(process.execPath, ['build.mjs'], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  const files = testFiles();
  const scripts = await bundle(root, files);
  const outcomes = await inParallel(files, (file) => runFile(file, scripts.of(file)), availableParallelism());
  scripts.remove();
  const sum = (key: keyof Outcome) => outcomes.reduce((total, outcome) => total + outcome[key], 0);
  const failed = sum('failed') + (built.status === 0 ? 0 : 1);
  if (built.status !== 0) console.log('✗ build.mjs failed');
  if (outcomes.length === 0) console.log('no test file found');
  console.log(`${sum('passed')} passed, ${failed} failed`);
  process.exitCode = failed === 0 && outcomes.length > 0 ? 0 : 1;
}

if (process.argv[1] === import.meta.filename) await main();
