// Replays a plain request case: setup, the request, what came after.
import { compare, fail, type Outcome, pass, type ReplayContext, skip, type TestCase } from '../replayer.ts';
import { body, sent, table, text } from '../recordings/api/normalise.mjs';
import { outOfScope } from './scope.ts';
import { type RecordedRequest, serverFor, type TestServer } from './server.ts';

interface Answer {
  code?: number;
  body?: any;
}

/** `{{N.a.b}}` stands for that field of the answer to step N. */
export function fill<T>(value: T, answers: readonly Answer[]): T {
  if (typeof value === 'string') {
    return value.replace(/\{\{(\d+)\.([^}]+)\}\}/g, (_, i: string, path: string) => String(path.split('.').reduce((v, key) => v?.[key], answers[Number(i)]!.body))) as T;
  }
  if (Array.isArray(value)) return value.map((item) => fill(item, answers)) as T;
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, answers)])) as T;
  return value;
}

/** Runs the steps of a setup; a step that is refused is an error, but for an account that is there already. */
export function runSetup(server: TestServer, steps: readonly any[]): Answer[] {
  const answers: Answer[] = [];
  for (const step of steps) {
    if (step.sleep || step.settle || step.waitFor200) {
      server.advance(step.sleep ?? 2000);
      answers.push({});
      continue;
    }
    const request: RecordedRequest = fill(step, answers);
    let answer: Answer = server.send(request);
    if (answer.code === 409 && request.path.endsWith('/serviceaccounts')) answer = turnOffTokens(server, request);
    if (answer.code! >= 300) throw new Error(`setup ${request.method} ${request.path}: ${answer.code} ${answer.body?.message ?? ''}`);
    answers.push(answer);
  }
  return answers;
}

const turnOffTokens = (server: TestServer, { path, body }: RecordedRequest) =>
  server.send({ method: 'PATCH', path: `${path}/${(body as any).metadata.name}`, contentType: 'application/merge-patch+json', body: { automountServiceAccountToken: false } });

export const knownValues = ({ setup, request, after }: TestCase) => sent(setup, request, after?.map((a: { request: unknown }) => a.request) ?? []);

/** An answer as the recordings keep it. */
function view(answer: Answer, testCase: TestCase): unknown {
  const known = knownValues(testCase);
  if (answer.body?.kind === 'Table') return table(answer.body, known);
  const seen = typeof answer.body === 'string' ? text(answer.body, known) : body(answer.body, { known, managedFields: testCase.managedFields });
  if (!testCase.part || !seen?.items || testCase.part === 'whole') return seen;
  if (testCase.part === 'names-sorted') seen.items.sort((a: any, b: any) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const name = ({ metadata }: any) => (testCase.part === 'nsnames' ? `${metadata.namespace}/${metadata.name}` : metadata.name);
  return { kind: seen.kind, apiVersion: seen.apiVersion, metadata: seen.metadata, items: seen.items.map(name) };
}

const causes = (status: any) => status?.details?.causes?.map(({ field, reason }: any) => [field, reason]);

export function compareAnswer(answer: Answer, want: any, testCase: TestCase): Outcome {
  if (answer.code !== want.code) return fail(`code ${answer.code} instead of ${want.code}\n      got ${JSON.stringify(answer.body).slice(0, 400)}\n      want ${JSON.stringify(want.body).slice(0, 400)}`);
  const got = view(answer, testCase) as any;
  if (!want.goText) return compare(got, want.body);
  // The message holds text that Go printed: the reason and the fields count.
  return compare({ reason: got.reason, causes: causes(got) }, { reason: want.body.reason, causes: causes(want.body) });
}

export function replayRequests(testCase: TestCase, context: ReplayContext): Outcome {
  const rule = outOfScope(testCase, context.version);
  return rule ? skip(rule) : runCase(serverFor(context), testCase);
}

export function runCase(server: TestServer, testCase: TestCase): Outcome {
  const answers = runSetup(server, testCase.setup);
  for (const { request, response } of [testCase, ...(testCase.after ?? [])] as any[]) {
    const answer = server.send(fill(request, answers));
    answers.push(answer);
    const outcome = compareAnswer(answer, response, testCase);
    if (outcome.result !== 'passed') return outcome;
  }
  return pass();
}

