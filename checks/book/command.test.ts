// The command as it is typed: messages, exit status, JSON.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { helpingThreads } from '../../lib/book/cells/node-flags.ts';
import { root } from '../../lib/book/project.ts';
import { temporaryFolder } from './fixture-book.ts';

function kubook(words: string[], { input = '', cwd = root }: { input?: string; cwd?: string } = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'dist/kubook.js'), ...words], { cwd, input, encoding: 'utf8', env: { ...process.env, CI: 'true', PATH: '/nowhere' } });
  assert.not.match(stdout + stderr, /^\s+at .*:\d+:\d+\)?$/m, 'a stack trace');
  return { status, stdout, stderr };
}

/** What lies in the project while a test plays a learner; put back afterwards. */
function aside(name: string): () => void {
  const [path, kept] = [join(root, name), join(root, `${name}.test-kept`)];
  if (existsSync(path)) renameSync(path, kept);
  return () => {
    rmSync(path, { recursive: true, force: true });
    if (existsSync(kept)) renameSync(kept, path);
  };
}

test('help names every command', () => {
  const { status, stdout } = kubook(['--help']);
  assert.is(status, 0);
  for (const name of ['start', 'jupyter', 'practice', 'run', 'verify', 'export', 'grade']) assert.match(stdout, new RegExp(`^ {2}${name}\\b`, 'm'));
});

test('a mistake on the command line has a Korean message and status 2', () => {
  for (const [words, message] of [
    [['verfy'], /혹시 'verify'인지/],
    [['grade'], /적어야 한다/],
    [['verify', '--jsn'], /'--jsn' 옵션은 없다/],
    [['grade', 'a', '--seed', 'x'], /정수여야 한다/],
    [['start', 'now'], /인수가 너무 많다/],
    [[], /명령을 하나 적는다/],
  ] as const) {
    const { status, stderr } = kubook([...words]);
    assert.is(status, 2, words.join(' '));
    assert.match(stderr, message);
    assert.match(stderr, /→/);
  }
});

test('a missing lesson, notebook or exercise is named, with what there is', () => {
  for (const words of [['verify', '77'], ['run', 'nothing'], ['grade', 'nothing.ipynb'], ['practice', 'nothing-1']]) {
    const { status, stderr } = kubook(words);
    assert.is(status, 1, words.join(' '));
    assert.match(stderr, /nothing|77/);
    assert.match(stderr, /[가-힣]/);
  }
});

test('verify --json is JSON, and its status tells', () => {
  const good = kubook(['verify', '--json', join(import.meta.dirname, 'fixtures/semantics.md')]);
  const problems = JSON.parse(good.stdout).problems.map(({ code }: { code: string }) => code);
  assert.ok(problems.length > 0);
  assert.is(good.status, 1);
});

test('export writes notebooks into a folder of choice, grade reads them', () => {
  const folder = temporaryFolder();
  const exported = kubook(['export', '--json', '--out', folder]);
  assert.is(exported.status, 0, exported.stderr);
  const [first] = JSON.parse(exported.stdout).notebooks;
  assert.is(first.state, 'written');
  const graded = kubook(['grade', '--json', '--timeout', '20', first.file]);
  const report = JSON.parse(graded.stdout);
  assert.is(graded.status, 1);
  assert.not.ok(report.passed);
  assert.match(report.notice, /[가-힣]/);
  assert.ok(report.exercises.length > 0);
});

test('grade marks a folder of notebooks, and goes on where it was cut off', () => {
  const folder = temporaryFolder();
  const [first] = JSON.parse(kubook(['export', '--json', '--out', folder]).stdout).notebooks;
  const handed = join(folder, 'handed');
  const out = join(folder, 'marks');
  mkdirSync(join(handed, '=1+1'), { recursive: true });
  copyFileSync(first.file, join(handed, '=1+1', 'kim.ipynb'));
  writeFileSync(join(handed, 'lee.ipynb'), '{"cells": [');
  const graded = kubook(['grade', handed, '--out', out, '--timeout', '20']);
  assert.is(graded.status, 1);
  assert.match(graded.stdout, /노트북 2개: .*읽지 못함 1/);
  assert.match(readFileSync(join(out, '=1+1', 'kim.txt'), 'utf8'), /^=1\+1\/kim: 모두 \d+\/\d+점/);
  const [head, kim, lee] = readFileSync(join(out, 'marks.csv'), 'utf8').split('\r\n');
  assert.match(head!, /^\ufeff노트북,수업,점수,만점,/);
  assert.match(kim!, /^'=1\+1\/kim,L01,\d+,\d+,/);
  assert.match(lee!, /^lee,,,,.*끊겼거나/);
  writeFileSync(join(out, 'kubook.jsonl'), readFileSync(join(out, 'kubook.jsonl'), 'utf8') + '{"name": "cut o');
  const again = kubook(['grade', handed, '--out', out]);
  assert.is(again.stdout.match(/전에 채점했다/g)!.length, 2);
});

test('practice picks up where the learner stopped and keeps progress and answers', () => {
  const back = [aside('practice'), aside('.kubook')];
  try {
    const first = kubook(['practice'], { input: 'h\nn\nq\n' });
    assert.is(first.status, 0, first.stderr);
    assert.match(first.stdout, /힌트/);
    const progress = JSON.parse(readFileSync(join(root, '.kubook/progress.json'), 'utf8'));
    assert.is(Object.keys(progress.exercises).length, 2);
    const file = join(root, 'practice', `${progress.current}.ts`);
    writeFileSync(file, `${readFileSync(file, 'utf8')}\n// mine\n`);
    const second = kubook(['practice'], { input: 'q\n' });
    assert.match(second.stdout, new RegExp(`practice/${progress.current}\\.ts`));
    assert.match(readFileSync(file, 'utf8'), /\/\/ mine/);
    writeFileSync(join(root, '.kubook/progress.json'), '{"version": 1, "exer');
    const third = kubook(['practice'], { input: '' });
    assert.is(third.status, 0);
    assert.match(third.stdout, /읽을 수 없어/);
    assert.ok(existsSync(join(root, '.kubook/progress.json.damaged')));
  } finally {
    for (const undo of back) undo();
  }
});

test('start without Jupyter says how to get it and goes on in the terminal', () => {
  const back = [aside('practice'), aside('.kubook'), aside('notebooks')];
  try {
    const { status, stdout } = kubook(['start'], { input: 'q\n' });
    assert.is(status, 0);
    assert.match(stdout, /Jupyter가 없다.*apt install/);
    assert.match(stdout, /practice\//);
    const spec = JSON.parse(readFileSync(join(root, '.jupyter/kernels/tslab/kernel.json'), 'utf8'));
    const [, threads, tslab, ...rest] = spec.argv;
    assert.equal([threads, ...rest], [helpingThreads, 'kernel', '--config-path', '{connection_file}']);
    assert.ok(existsSync(tslab));
  } finally {
    for (const undo of back) undo();
  }
});

test.run();
