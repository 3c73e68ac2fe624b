// Runs an answer on an exercise and says check by check what holds.
import { createCluster, createRandom, type Random } from '../index.ts';
import { restoreBuiltins } from './builtins.ts';
import { quietly } from './console.ts';
import { isDeepEqual } from './deep-equal.ts';
import { inKorean } from './error-words.ts';
import { type ClusterExercise, type ClusterOptions, type Exercise, type FunctionCheck, type FunctionExercise, pointsOf, type Stage, type ToldStory, Wrong } from './exercise.ts';
import { plain } from './plain-json.ts';
import { beside, show } from './same.ts';

export interface Verdict {
  check: string;
  passed: boolean;
  /** Points given, of how many. */
  points: number;
  of: number;
  /** Korean: what was wrong. Only when it failed. */
  reason?: string;
  hint?: string;
}

export interface Report {
  id: string;
  title: string;
  seed: number;
  points: number;
  of: number;
  passed: boolean;
  verdicts: Verdict[];
}

export interface JudgeOptions {
  /** Draws the cluster and the inputs. */
  seed?: number;
  /** Lets the answer's own output through. Starting state and checks are always quiet. */
  aloud?: boolean;
  /** Tells a check's story where the answer lives, if that is not here. */
  tellThere?(story: ToldStory, args: unknown[]): unknown;
  /** Options of the cluster beside the exercise's own: when it begins, what signs for it. */
  around?: Partial<ClusterOptions>;
}

export async function judge(exercise: Exercise, answer: unknown, { seed = 1, aloud = false, around, tellThere = tellHere }: JudgeOptions = {}): Promise<Report> {
  const random = randomOf(exercise, seed);
  const reasons =
    exercise.kind === 'function'
      ? await judgeFunction(exercise, answer, { random, aloud, tellThere })
      : await judgeCluster(exercise, answer, { seed, random, aloud, around });
  const verdicts = exercise.checks.map(({ name, points, hint }, i): Verdict => {
    const reason = reasons[i];
    if (reason === undefined) return { check: name, passed: true, points, of: points };
    return { check: name, passed: false, points: 0, of: points, reason, hint };
  });
  const points = verdicts.reduce((sum, verdict) => sum + verdict.points, 0);
  const passed = verdicts.every((verdict) => verdict.passed);
  return { id: exercise.id, title: exercise.title, seed, points, of: pointsOf(exercise), passed, verdicts };
}

/** Why each check failed, undefined where it passed. */
type Reasons = (string | undefined)[];

type Calling = Required<Pick<JudgeOptions, 'aloud' | 'tellThere'>>;

async function judgeFunction(exercise: FunctionExercise, answer: unknown, { random, ...calling }: Calling & { random: Random }): Promise<Reasons> {
  const reasons: Reasons = [];
  for (const check of exercise.checks) reasons.push(await judgeCalls(check, answer, { ...calling, random: random.fork(check.name) }));
  return reasons;
}

async function judgeCalls(check: FunctionCheck, answer: unknown, { random, ...calling }: Calling & { random: Random }): Promise<string | undefined> {
  const inputs = check.inputs?.(random) ?? [[]];
  for (const input of inputs) {
    const { value, error } = await callOnce(check, answer, input, calling);
    const patched = restoreBuiltins();
    if (patched) return patchedText(patched);
    const reason = error ?? (await attempt(() => judgeOutput(check, value, input)));
    if (reason === undefined) continue;
    return input.length > 0 ? beside([check.tells?.(...input) ?? `입력 ${input.map((one) => showInput(one, input.length)).join(', ')}`, reason], ': ') : reason;
  }
}

async function callOnce(check: FunctionCheck, answer: unknown, input: unknown[], { aloud, tellThere }: Calling): Promise<{ value?: unknown; error?: string }> {
  // A copy, so that an answer that changes its input does not change what it is judged by.
  const copy = structuredClone(input);
  const run = () => (check.story ? tellThere(check.story, [answer, ...copy]) : call(check, answer, copy));
  try {
    return { value: plain(await (aloud ? run() : quietly(run))) };
  } catch (error) {
    return { error: endedWith(error) };
  }
}

function patchedText(name: string): string {
  return `답이 자바스크립트의 기본 객체를 바꾸었다: ${name}. 기본 객체는 그대로 두고 답을 쓴다.`;
}

/** Enough of it to try it by hand. A text of many lines beside other inputs is told by its length: a table, say, in which a word is to be found. */
function showInput(value: unknown, count: number): string {
  return typeof value === 'string' && value.includes('\n') && count > 1 ? `(${value.trimEnd().split('\n').length}줄의 글)` : show(value, 320);
}

function call(check: FunctionCheck, answer: unknown, input: unknown[]): unknown {
  if (check.drive) return check.drive(answer, ...input);
  return typeof answer === 'function' ? answer(...input) : answer;
}

function judgeOutput(check: FunctionCheck, output: unknown, input: unknown[]): string | void {
  if (check.judge) return check.judge(output, ...structuredClone(input));
  const expected = plain(check.expected?.(...structuredClone(input)));
  if (!isDeepEqual(output, expected)) return beside([`기대한 값은 ${show(expected)}`, `나온 값은 ${show(output)}`], ', ');
}

const tellHere = ({ tell }: ToldStory, args: unknown[]) => tell(...(args as [unknown, ...unknown[]]));

const randomOf = ({ id }: Exercise, seed: number) => createRandom(`${id}/${seed}`);

/** A fresh cluster in the exercise's starting state, and what its start has drawn. */
export async function openStage(exercise: ClusterExercise, { seed = 1, around }: JudgeOptions = {}): Promise<{ stage: Stage; given: unknown }> {
  const cluster = createCluster({ ...exercise.cluster, ...around, seed });
  const stage = { cluster, kubectl: cluster.kubectl };
  return { stage, given: await quietly(() => exercise.start?.({ ...stage, random: randomOf(exercise, seed).fork('start') })) };
}

async function judgeCluster(exercise: ClusterExercise, answer: unknown, { seed, random, aloud, around }: JudgeOptions & { random: Random }): Promise<Reasons> {
  const { stage, given } = await openStage(exercise, { seed, around });
  // The checks ask the same cluster: its functions must be the ones that it was made with.
  Object.freeze(stage.cluster);
  Object.freeze(stage.cluster.client);
  let result: unknown;
  try {
    const perform = () => performAnswer(exercise, answer, { ...stage, random: random.fork('perform'), given });
    result = plain(await (aloud ? perform() : quietly(perform)));
  } catch (error) {
    const patched = restoreBuiltins();
    return exercise.checks.map(() => (patched ? patchedText(patched) : endedWith(error)));
  }
  const patched = restoreBuiltins();
  if (patched) return exercise.checks.map(() => patchedText(patched));
  const reasons: Reasons = [];
  for (const check of exercise.checks) {
    const after = { ...stage, result, given, random: random.fork(check.name) };
    reasons.push(await attempt(() => quietly(() => check.run(after))));
  }
  return reasons;
}

function performAnswer(exercise: ClusterExercise, answer: unknown, stage: Parameters<NonNullable<ClusterExercise['perform']>>[0]): unknown {
  if (exercise.perform) return exercise.perform(stage, answer);
  if (typeof answer !== 'function') throw new TypeError('두 번째 인수는 함수여야 한다: async ({ cluster, kubectl }) => { … }');
  return answer({ cluster: stage.cluster, kubectl: stage.kubectl });
}

function endedWith(error: unknown): string {
  const text = explain(error);
  const meaning = inKorean(text);
  return `답이 오류로 끝났다. ${text}${meaning ? `\n${meaning}.` : ''}`;
}

async function attempt(run: () => unknown): Promise<string | undefined> {
  try {
    const reason = await run();
    return typeof reason === 'string' ? reason : undefined;
  } catch (error) {
    return explain(error);
  }
}

/** What a check has to say, whole; of any other error one line, without its stack. */
function explain(error: unknown): string {
  if (error instanceof Wrong) return error.message;
  const text = error instanceof Error ? error.message || error.name : show(error);
  return text.split('\n')[0]!;
}
