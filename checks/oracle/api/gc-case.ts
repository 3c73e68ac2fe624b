// Replays deletions with the controllers running, and looks at what is left when nothing changes any more.
import { compare, fail, type Outcome, type ReplayContext, skip, type TestCase } from '../replayer.ts';
import { compareAnswer, fill, runSetup } from './request-case.ts';
import { outOfScope } from './scope.ts';
import { serverFor, type TestServer } from './server.ts';

/** Long enough for every controller, shorter than a node may stay silent. */
const untilQuiet = 15_000;
const betweenSteps = 500;

/** Objects that the control plane makes in every namespace. */
const isOwnObject = ({ kind, metadata, type }: any) => (kind === 'ConfigMap' && metadata.name === 'kube-root-ca.crt') || type === 'kubernetes.io/service-account-token';

/** Generated parts of a name, as the recordings write them. */
function nameOf({ name, generateName, labels }: any): string {
  const base: string = generateName && name.startsWith(generateName) && /^[a-z0-9]{5}$/.test(name.slice(generateName.length)) ? `${generateName}<name>` : name;
  const hash = labels?.['pod-template-hash'] ?? labels?.['controller.kubernetes.io/hash'];
  return hash ? base.replace(`-${hash}`, '-<hash>') : base;
}

const ownerOf = ({ kind, name, controller, blockOwnerDeletion }: any) => ({ kind, name: kind === 'ReplicaSet' ? name.replace(/-[0-9a-f]{6,10}$/, '-<hash>') : name, controller, blockOwnerDeletion });

function remaining(server: TestServer, paths: readonly string[]): unknown[] {
  const objects = paths.flatMap((path) => {
    const { code, body } = server.send({ path }) as { code: number; body: any };
    return code === 200 ? body.items.map((item: any) => ({ ...item, kind: body.kind.replace(/List$/, '') })) : [];
  });
  return objects.filter((object) => !isOwnObject(object)).map(({ kind, metadata }) => ({
    kind,
    name: nameOf(metadata),
    owners: metadata.ownerReferences?.map(ownerOf),
    deletionTimestamp: metadata.deletionTimestamp && '<time>',
    deletionGracePeriodSeconds: metadata.deletionGracePeriodSeconds,
    finalizers: metadata.finalizers,
  }));
}

const sorted = (objects: readonly any[]) => JSON.parse(JSON.stringify(objects)).sort((a: any, b: any) => (`${a.kind}/${a.name}` < `${b.kind}/${b.name}` ? -1 : 1));

export function replayGarbageCollection(testCase: TestCase, context: ReplayContext): Outcome {
  const rule = outOfScope(testCase, context.version);
  return rule ? skip(rule) : runCase({ ...testCase, part: 'names' }, serverFor(context, { controllers: true }));
}

function runCase(testCase: TestCase, server: TestServer): Outcome {
  const answers = runSetup(withPauses(server), testCase.setup);
  const answer = server.send(fill(testCase.request, answers));
  const outcome = compareAnswer(answer, testCase.response, testCase);
  if (outcome.result !== 'passed') return outcome;
  answers.push(answer);
  server.advance(untilQuiet);
  for (const { request, response } of testCase.after ?? []) {
    const after = compareAnswer(server.send(fill(request, answers)), response, testCase);
    if (after.result !== 'passed') return after;
  }
  const left = compare(sorted(remaining(server, testCase.observed)), sorted(testCase.final));
  return left.result === 'failed' ? fail(`left: ${left.why}`) : left;
}

/** The recorder's requests took time, in which controllers worked. */
function withPauses({ send, advance }: TestServer): TestServer {
  return {
    send(request) {
      const answer = send(request);
      advance(betweenSteps);
      return answer;
    },
    advance: (milliseconds) => advance(Math.max(milliseconds, betweenSteps)),
  };
}
