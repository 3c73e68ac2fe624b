// A transcript of kubectl as a story of its own, at the present release: the same lines by both roads.
import { readFileSync } from 'node:fs';
import { createVersion } from '../../../lib/api/index.ts';
import { runSetup } from '../../oracle/api/request-case.ts';
import { outOfScope } from '../../oracle/api/scope.ts';
import { asRecorder } from '../../oracle/api/server.ts';
import type { TestCase } from '../../oracle/replayer.ts';
import { Story } from './story.ts';

const version = createVersion();
const settleTime = 3000;

export interface Transcript {
  id: string;
  namespace: string;
  story: Story;
}

/** The transcripts of a file; `every` so manieth. One whose setup this release refuses has no story. */
export function* transcriptStories(file: string, every = 1): Generator<Transcript> {
  const cases: TestCase[] = readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
  for (const testCase of cases.filter((_, i) => i % every === 0)) {
    const namespace = `ns-${testCase.id}`;
    const story = outOfScope({ ...testCase, request: {} }, version) ? undefined : storyOf(testCase, namespace);
    if (story) yield { id: testCase.id, namespace, story };
  }
}

function storyOf({ controllers, setup, commands }: TestCase, namespace: string): Story | undefined {
  const story = new Story({ nodes: 0, kubelets: false, scheduler: false, ...(!controllers && { controllers: false }) });
  try {
    runSetup({ send: (request) => story.do(({ server }) => asRecorder(server, request)), advance: (ms) => story.do((cluster) => cluster.advance(ms)) }, setup);
  } catch {
    return undefined;
  }
  story.do(({ kubectl }) => kubectl.run(['config', 'set-context', '--current', `--namespace=${namespace}`]));
  for (const { step, args, stdin } of commands) {
    if (step === 'settle') story.do((cluster) => cluster.advance(settleTime));
    else if (args) story.kubectl(args, { stdin: stdin ?? '' });
  }
  return story;
}
