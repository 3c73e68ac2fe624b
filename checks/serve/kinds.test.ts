// Objects of every kind, as rich as they come: how our kubectl shows them is how the real one does. The newest release of
// which there is a real kubectl is taken, since pages of `describe` are made by kubectl.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { kubectls } from './real-kubectl.ts';
import { differences } from './roads/real-road.ts';
import { Story } from './roads/story.ts';

const test = suite('every kind');
const pinned = kubectls.find(({ name }) => name === 'v1.32');
const files = ['cluster.yaml', 'namespaced.yaml'];

function storyOfAll(): Story {
  const story = new Story({ nodes: 2, version: 'v1.32' });
  for (const file of files) {
    const text = readFileSync(join(import.meta.dirname, 'kinds', file), 'utf8');
    story.do((cluster) => cluster.file(file, text));
    const { code, stderr } = story.do(({ kubectl }) => kubectl.run(['apply', '-f', file]));
    assert.is(code, 0, stderr);
  }
  story.do((cluster) => cluster.advance('30s'));
  for (const [words, ...more] of [['describe'], ['get', '-o', 'wide'], ['get', '--show-labels'], ['get', '-o', 'yaml']]) {
    for (const file of files) story.kubectl([words!, ...more, '-f', file]);
  }
  for (const line of ['get nodes -o wide', 'describe nodes', 'describe namespaces', 'get all -A -o wide', 'get crontabs,cm,csr']) story.kubectl(line.split(' '));
  return story;
}

test('every kind is shown as the real kubectl shows it', async () => {
  const story = storyOfAll();
  assert.is(story.lines.find(({ own }) => own.code !== 0), undefined);
  if (!pinned) return;
  for (const { line, real, own } of await differences(story, pinned.path)) {
    const [a, b] = [real.split('\n'), own.split('\n')];
    const at = a.findIndex((text, i) => text !== b[i]);
    assert.is(b.slice(Math.max(0, at - 3), at + 5).join('\n'), a.slice(Math.max(0, at - 3), at + 5).join('\n'), `$ ${line}`);
  }
});

if (!pinned) console.log('NOTE no kubectl v1.32 in .kubectl: only .ci/run fetches it');
test.run();
