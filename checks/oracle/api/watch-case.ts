// Replays a watch: what came first, then what each operation made of it.
import type { Version } from '../../../lib/api/index.ts';
import { compare, fail, type Outcome, type ReplayContext, skip, type TestCase } from '../replayer.ts';
import { body, sent } from '../recordings/api/normalise.mjs';
import { compareAnswer, fill, runSetup } from './request-case.ts';
import { outOfScope } from './scope.ts';
import { freshServer } from './server.ts';

interface Event {
  type: string;
  object: any;
}

/** The short form of an object that the recordings keep: what tells one event from another. */
function short({ apiVersion, kind, metadata, spec, status, data }: any): Record<string, unknown> {
  const { name, namespace, labels, generation, deletionTimestamp, deletionGracePeriodSeconds, finalizers, annotations } = metadata;
  return {
    apiVersion,
    kind,
    name,
    namespace,
    labels,
    annotations,
    generation,
    deletionTimestamp: deletionTimestamp && '<time>',
    deletionGracePeriodSeconds,
    finalizers,
    data,
    replicas: spec?.replicas,
    nodeName: spec?.nodeName,
    phase: kind === 'Pod' || kind === 'Namespace' ? status?.phase : undefined,
    uid: metadata.uid,
  };
}

/** Different uids are told apart only where the recording does. */
function seen(events: readonly Event[], wanted: readonly Event[], known: Set<unknown>): unknown[] {
  const uids = new Map<string, string>();
  return events.map(({ type, object }, i) => {
    const want = wanted[i]?.object;
    if (want?.metadata || !object.metadata?.name) return { type, object: body(object, { known }) };
    const view = short(object);
    if (!uids.has(object.metadata.uid)) uids.set(object.metadata.uid, `<uid ${uids.size + 1}>`);
    view.uid = want?.uid ? uids.get(object.metadata.uid) : undefined;
    return { type, object: view };
  });
}

const byName = (a: Event, b: Event) => (a.object.metadata.name < b.object.metadata.name ? -1 : 1);

export function replayWatch(testCase: TestCase, { version }: ReplayContext): Outcome {
  const rule = outOfScope(testCase, version);
  return rule ? skip(rule) : runWatch(testCase, version);
}

function runWatch(testCase: TestCase, version: Version): Outcome {
  const { setup, operations, request, response } = testCase;
  const server = freshServer(version);
  const answers = runSetup(server, setup);
  const asked = fill(request, answers);
  const answer = server.send(asked);
  if (!answer.watch && !answer.frames) return compareAnswer(answer, response, testCase);
  const read = () => {
    server.server.pump();
    // A watch that was refused says so with its only event.
    const events = answer.watch ? answer.watch.read() : answer.frames!.ended ? [] : answer.frames!.read();
    return events.filter(({ type }) => type !== 'BOOKMARK') as Event[];
  };
  const initial = read();
  if (!/resourceVersion=[1-9]/.test(asked.path)) initial.sort(byName);
  for (const operation of operations) {
    const done = server.send(fill(operation, answers));
    if (done.code >= 300 && !operation.mayFail) return fail(`${operation.method} ${operation.path}: ${done.code} ${JSON.stringify(done.body)}`);
    answers.push(done);
  }
  const known = sent(setup, request, operations);
  const wanted = response.events.filter(({ type }: Event) => type !== 'BOOKMARK');
  const got = { initial: seen(initial, response.initial, known), events: seen(read(), wanted, known) };
  return compare(got, { initial: response.initial, events: wanted });
}
