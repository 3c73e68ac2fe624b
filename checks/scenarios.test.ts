// Text scenarios: checks/scenarios/*.txt. A story, commands, and what they print.
//
//   = A story line.
//   cluster nodes=2 version=v1.20     options of createCluster; a fresh cluster (nodes=1 when the file names none)
//   file web.yaml <<EOF … EOF         puts a file on the workstation
//   advance 10s
//   fault powerOff worker-1           calls a fault by name
//   $ kubectl get pods                what follows, up to the next such line, is what it prints
//   ...                               as a line of output: any lines
//
// `UPDATE=1 node --import tsx checks/scenarios.test.ts` rewrites the outputs that have no `...`.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { describeBy } from '../lib/apiserver/index.ts';
import { type Cluster, createCluster } from '../lib/index.ts';
import { splitWords } from '../lib/kubectl/index.ts';
import { publishedTypes } from '../lib/serve/published-types.ts';

type Step =
  | { type: 'story' | 'advance' | 'fault' | 'cluster'; text: string }
  | { type: 'file'; text: string; path: string; content: string }
  | { type: 'command'; text: string; output: string[] };

function parse(text: string): Step[] {
  const steps: Step[] = [];
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    const file = /^file (\S+) <<(\w+)$/.exec(line);
    const word = /^(advance|fault|cluster) (.*)$/.exec(line);
    const last = steps.at(-1);
    if (file) {
      const end = lines.indexOf(file[2]!, i);
      if (end < 0) throw new Error(`${line}: no ${file[2]} ends it`);
      steps.push({ type: 'file', text: line, path: file[1]!, content: `${lines.slice(i + 1, end).join('\n')}\n` });
      i = end;
    } else if (line.startsWith('= ')) steps.push({ type: 'story', text: line });
    else if (word) steps.push({ type: word[1] as 'advance', text: word[2]! });
    else if (line.startsWith('$ ')) steps.push({ type: 'command', text: line.slice(2), output: [] });
    else if (last?.type === 'command') last.output.push(line);
    else if (line.trim() !== '') throw new Error(`what is ${JSON.stringify(line)}?`);
  }
  for (const step of steps) if (step.type === 'command') while (step.output.at(-1)?.trim() === '') step.output.pop();
  return steps;
}

const number = (text: string) => (/^\d+$/.test(text) ? Number(text) : text);

/** Plays the steps; gives what each command printed, in order. */
export function play(steps: readonly Step[]): string[] {
  const outputs: string[] = [];
  const fresh = (text: string): Cluster => {
    const options = Object.fromEntries(text.split(' ').filter(Boolean).map((pair) => pair.split('=') as [string, string]).map(([key, value]) => [key, number(value)]));
    return createCluster({ nodes: 1, ...options });
  };
  let cluster = steps.some(({ type }) => type === 'cluster') ? undefined : fresh('');
  for (const step of steps) {
    if (step.type === 'cluster') cluster = fresh(step.text);
    else if (step.type === 'advance') cluster!.advance(step.text);
    else if (step.type === 'file') cluster!.file(step.path, step.content);
    else if (step.type === 'fault') callFault(cluster!, step.text);
    else if (step.type === 'command') {
      const endless = /^kubectl\[(\w+)\] /.exec(step.text)?.[1];
      outputs.push(cluster!.kubectl.run(splitWords(step.text).slice(1), endless ? { endless } : {}).printed);
    }
  }
  return outputs;
}

function callFault({ fault }: Cluster, text: string): void {
  const [name, ...args] = text.split(' ') as [string, ...string[]];
  (fault as unknown as Record<string, (...args: unknown[]) => void>)[name]!(...args.map(number));
}

const tidy = (lines: readonly string[]) => lines.map((line) => line.trimEnd()).join('\n').trimEnd();

/** True when the lines agree; `...` stands for any number of lines. */
export function matches(expected: readonly string[], got: readonly string[]): boolean {
  if (expected.length === 0) return got.length === 0;
  if (expected[0] === '...') return expected.length === 1 || got.some((_, i) => matches(expected.slice(1), got.slice(i)));
  return got.length > 0 && expected[0] === got[0] && matches(expected.slice(1), got.slice(1));
}

const folder = fileURLToPath(new URL('scenarios/', import.meta.url));
const update = process.env.UPDATE === '1';
const test = suite('scenarios');
describeBy(publishedTypes);

for (const name of readdirSync(folder).filter((file) => file.endsWith('.txt')).sort()) {
  test(name, () => {
    const text = readFileSync(folder + name, 'utf8');
    const steps = parse(text);
    const outputs = play(steps);
    if (update) writeFileSync(folder + name, rewritten(steps, outputs));
    else check(steps, outputs);
  });
}

function check(steps: readonly Step[], outputs: readonly string[]): void {
  let i = 0;
  for (const step of steps) {
    if (step.type !== 'command') continue;
    const [expected, got] = [tidy(step.output), tidy(outputs[i++]!.split('\n'))];
    if (step.output.includes('...')) assert.ok(matches(expected.split('\n'), got.split('\n')), `$ ${step.text}\n${got}`);
    else assert.fixture(got, expected, `$ ${step.text}`);
  }
}

function rewritten(steps: readonly Step[], outputs: readonly string[]): string {
  let i = 0;
  const blocks = steps.map((step) => {
    if (step.type === 'story') return step.text;
    if (step.type === 'file') return `${step.text}\n${step.content}${step.text.split('<<')[1]}`;
    if (step.type !== 'command') return `${step.type} ${step.text}`;
    const got = tidy(outputs[i++]!.split('\n'));
    const output = step.output.includes('...') ? tidy(step.output) : got;
    return `$ ${step.text}${output ? `\n${output}` : ''}`;
  });
  return `${blocks.join('\n\n').replace(/^(= .*)\n\n(?== )/gm, '$1\n')}\n`;
}

test.run();
