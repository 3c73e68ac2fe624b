import type { FunctionCheck, FunctionExercise } from '../../../lib/book/exercise.ts';
import { josa } from '../../../lib/book/josa.ts';
import { show } from '../../../lib/book/same.ts';
import type { Random } from '../../../lib/index.ts';

export interface AssignedPod {
  uid: string;
  name: string;
  restartPolicy: 'Always' | 'OnFailure' | 'Never';
  /** Somebody asked for its deletion. */
  deleting: boolean;
  containers: string[];
}
export interface FoundContainer {
  id: string;
  /** Missing when Kubernetes did not make it. */
  podUid?: string;
  container?: string;
  state: 'running' | 'exited';
  exitCode?: number;
}
export interface SyncResult {
  start: { uid: string; container: string }[];
  stop: string[];
}

export function kubeletSync(assigned: readonly AssignedPod[], found: readonly FoundContainer[]): SyncResult {
  const mine = (uid: string, name: string) => found.filter(({ podUid, container }) => podUid === uid && container === name);
  const alive = assigned.filter(({ deleting }) => !deleting);
  const start = alive.flatMap((pod) => pod.containers.filter((name) => isDue(pod, mine(pod.uid, name))).map((container) => ({ uid: pod.uid, container })));
  const wanted = (one: FoundContainer) => alive.some(({ uid, containers }) => uid === one.podUid && containers.includes(one.container!));
  const stop = found.filter((one) => one.podUid !== undefined && one.state === 'running' && !wanted(one)).map(({ id }) => id);
  return { start, stop };
}

/** The newest one comes last. */
function isDue({ restartPolicy }: AssignedPod, found: readonly FoundContainer[]): boolean {
  if (found.some(({ state }) => state === 'running')) return false;
  const last = found.at(-1);
  return !last || restartPolicy === 'Always' || (restartPolicy === 'OnFailure' && last.exitCode !== 0);
}

const nextUid = (random: Random) => `uid-${random.suffix(5)}`;
const images = ['web', 'log', 'cache'];

/** A node after some time: pods came and went, containers ended, somebody started one by hand. */
function nodeOf(random: Random, { foreign = 2, left = 2, exited = true } = {}): [AssignedPod[], FoundContainer[]] {
  const assigned = Array.from({ length: random.int(6) }, (_, i): AssignedPod => ({
    uid: nextUid(random),
    name: `pod-${i}`,
    restartPolicy: random.pick(['Always', 'OnFailure', 'Never']),
    deleting: random.next() < 0.2,
    containers: images.slice(0, 1 + random.int(3)),
  }));
  const found: FoundContainer[] = [];
  const add = (one: Omit<FoundContainer, 'id'>) => found.push({ id: random.suffix(8), ...one });
  for (const { uid, containers } of assigned) {
    for (const container of containers) {
      if (exited && random.next() < 0.3) add({ podUid: uid, container, state: 'exited', exitCode: random.pick([0, 1, 137]) });
      if (random.next() < 0.5) add({ podUid: uid, container, state: 'running' });
    }
  }
  // Left over: of pods that are gone, and of one that was made anew under its old name.
  for (let i = 0; i < random.int(left + 1); i++) add({ podUid: nextUid(random), container: random.pick(images), state: random.next() < 0.7 ? 'running' : 'exited', exitCode: 0 });
  for (let i = 0; i < random.int(foreign + 1); i++) add({ state: random.next() < 0.7 ? 'running' : 'exited' });
  return [random.shuffle(assigned), found];
}

type Case = [AssignedPod[], FoundContainer[]];
const pod = (uid: string, more: Partial<AssignedPod> = {}): AssignedPod => ({ uid, name: 'web', restartPolicy: 'Always', deleting: false, containers: ['web'], ...more });
const runs = (id: string, podUid: string, container = 'web'): FoundContainer => ({ id, podUid, container, state: 'running' });
const ended = (id: string, podUid: string, exitCode: number): FoundContainer => ({ id, podUid, container: 'web', state: 'exited', exitCode });
const many = (random: Random, options?: Parameters<typeof nodeOf>[1]) => Array.from({ length: 40 }, () => nodeOf(random, options));

const check = (name: string, points: number, { hint, cases, part }: { hint: string; cases(random: Random): Case[]; part: 'start' | 'stop' | 'both' }): FunctionCheck => ({
  name,
  points,
  hint,
  inputs: cases,
  judge: (answer: SyncResult, ...[assigned, found]: Case) => judge(answer, kubeletSync(assigned, found), part),
});

const sorted = (list: readonly unknown[]) => list.map((one) => show(one)).sort();

function judge(answer: SyncResult, right: SyncResult, part: 'start' | 'stop' | 'both'): string | undefined {
  if (!Array.isArray(answer?.start) || !Array.isArray(answer?.stop)) return `{ start, stop }을 돌려주어야 한다: ${show(answer)}`;
  for (const key of ['start', 'stop'] as const) {
    if (part !== 'both' && part !== key) continue;
    const [mine, theirs] = [sorted(answer[key].map((one: any) => (key === 'start' ? { uid: one?.uid, container: one?.container } : one))), sorted(right[key])];
    const missing = theirs.find((one) => !mine.includes(one));
    if (missing) return `${key}에 ${josa(missing, '이/가')} 빠졌다.`;
    const extra = mine.find((one, i) => !theirs.includes(one) || mine.indexOf(one) !== i);
    if (extra) return `${key}에 ${josa(extra, '이/가')} 더 들었다.`;
  }
}

export const kubeletLoop: FunctionExercise = {
  id: 'birth-3',
  title: 'kubeletSync: kubelet의 한 바퀴',
  kind: 'function',
  checks: [
    check('배정되었는데 돌지 않는 컨테이너를 시작한다', 2, {
      hint: '파드마다, 그 파드의 컨테이너마다 도는 것이 있는지 찾는다. 파드를 가르는 것은 이름이 아니라 uid다.',
      cases: (random) => [[[pod('a')], []], [[pod('a')], [runs('1', 'a')]], [[pod('b')], [runs('1', 'a')]], ...many(random, { exited: false })],
      part: 'start',
    }),
    check('더는 배정되지 않은 컨테이너를 멈춘다', 2, {
      hint: '지우고 같은 이름으로 다시 만든 파드는 다른 파드다. 지워지는 중(deleting)인 파드의 컨테이너도 멈춘다. 이미 끝난 것은 멈출 것이 없다.',
      cases: (random) => [[[], [runs('1', 'a')]], [[pod('b')], [runs('1', 'a'), runs('2', 'b')]], [[pod('a', { deleting: true })], [runs('1', 'a')]], [[], [ended('1', 'a', 0)]], ...many(random, { foreign: 0 })],
      part: 'stop',
    }),
    check('쿠버네티스가 만들지 않은 컨테이너는 건드리지 않는다', 1, {
      hint: 'podUid가 없는 것은 누군가 손으로 띄운 것이다. 세지도 멈추지도 않는다.',
      cases: (random) => [[[], [{ id: 'hand', state: 'running' }]], ...many(random, { foreign: 4, left: 0 })],
      part: 'stop',
    }),
    check('끝난 컨테이너는 restartPolicy대로 다시 시작한다', 2, {
      hint: 'Always는 언제나, OnFailure는 exitCode가 0이 아닐 때만, Never는 다시 시작하지 않는다. 한 번도 돈 적이 없으면 Never여도 시작한다. 여러 번 끝났으면 마지막 것을 본다.',
      cases: (random) => [
        ...(['Always', 'OnFailure', 'Never'] as const).flatMap((restartPolicy): Case[] => [0, 1].map((code) => [[pod('a', { restartPolicy })], [ended('1', 'a', code)]])),
        [[pod('a', { restartPolicy: 'OnFailure' })], [ended('1', 'a', 1), ended('2', 'a', 0)]],
        [[pod('a', { restartPolicy: 'Never' })], []],
        ...many(random),
      ],
      part: 'both',
    }),
  ],
};
