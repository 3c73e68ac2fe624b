// Particles fit the word before them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { josa } from '../../lib/book/josa.ts';
import { root } from '../../lib/book/project.ts';

const test = suite('josa');

test('after Hangul, digits, words and letters that are read one by one', () => {
  const subjects = ['노드가', '파드 셋이', 'web이', 'stray가', 'orphan이', 'client가', 'frontend가', 'cluster-admin이', 'shop이', 'api가', 'DNS가', 'web-96d5df5c8-s4zc2가', 'web-96d5df5c8-k7m이', 'pod-x1이', '10.244.1.4가', '10.244.1.30이', '["a"]가', 'null이', 'true가'];
  for (const right of subjects) assert.is(josa(right.slice(0, -1), '이/가'), right);
});

test('으로 loses its vowel after ㄹ too', () => {
  for (const right of ['서울로', '부산으로', '제주로', '1로', '3으로', '404로', 'null로', 'nginx:1.27로', 'nginx:1.16으로']) {
    const word = right.replace(/(으로|로)$/, '');
    assert.is(josa(word, '으로/로'), right);
  }
});

test('no sentence leaves the choice to its reader', () => {
  const undecided = /이\(가\)|은\(는\)|을\(를\)|과\(와\)|\(으\)로/;
  for (const folder of ['lib', 'lessons', 'checks/lessons']) {
    for (const file of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((name) => /\.(ts|md)$/.test(name))) assert.not.match(readFileSync(join(root, folder, file), 'utf8'), undecided, file);
  }
});

test.run();
