// The contract of an exercise. Definitions live in `checks/lessons/NN-slug.ts`, which export
// `exercises: Exercise[]` and are listed in `checks/lessons/index.ts`.
//
// Beside it: the solution `checks/solutions/<id>.ts` and three or more wrong answers
// `checks/solutions/<id>.wrong-<why>.ts`. Each is what a learner would type: the imports and one call
// `await exercise('<id>', …)`. A wrong answer's first line names the check it must fail: `// fails: <check name>`.
import type { createCluster, Random } from '../index.ts';

export type Cluster = ReturnType<typeof createCluster>;
export type ClusterOptions = NonNullable<Parameters<typeof createCluster>[0]>;

/** What an answer is handed in a cluster exercise. */
export interface Stage {
  cluster: Cluster;
  kubectl: Cluster['kubectl'];
}

/** What the learner passes as second argument of `exercise(id, answer)`. */
export type Answer = ((stage: Stage) => unknown) | object | string | number | boolean;

interface CheckBase {
  /** Korean, one line, unique in its exercise: what holds when the check passes. */
  name: string;
  /** The points of an exercise are the sum of its checks' points (the fence's `points=` must agree). */
  points: number;
  /** Korean: where to look next. It never gives the answer away. */
  hint: string;
}

/** Judges the outputs of a function (or a plain value, which is called with nothing). */
export interface FunctionCheck extends CheckBase {
  /** The arguments of each call, drawn from `random`; plain JSON. For a plain value leave it out. */
  inputs?(random: Random): unknown[][];
  /**
   * How the answer is called for one input, default `answer(...input)`: say a loop that feeds its output back in.
   * It returns plain JSON and judges nothing. A grader drives from afar: what goes to the answer and comes back are copies.
   */
  drive?(answer: any, ...input: any[]): unknown;
  /** Instead: how it is called where it matters which objects the answer and its caller share. */
  story?: ToldStory;
  /** The right output; it is compared deeply, and the message shows input, expected and actual value. */
  expected?(...input: any[]): unknown;
  /** How an input is told beside what was wrong, where its JSON is hard to read. */
  tells?(...input: any[]): string;
  /** Instead of `expected`: a Korean sentence that says what is wrong, or nothing when the output is right. */
  judge?(output: any, ...input: any[]): string | void;
}

/** Told in the answer's own process, also by a grader, and so listed in `checks/lessons/told-there.ts`. It returns plain JSON. */
export interface ToldStory {
  name: string;
  tell(answer: any, ...input: any[]): unknown;
}

/** Looks at the cluster after the answer ran. Checks run in order on the same cluster, and may advance its clock. */
export interface ClusterCheck extends CheckBase {
  /** Throws (see `wrong`, `same`), or returns a Korean sentence that says what is wrong; nothing when it holds. */
  run(after: After): void | string | Promise<void | string>;
}

/** What a check of a cluster exercise sees. */
export interface After extends Stage {
  /** What the answer returned, as plain JSON. */
  result: any;
  /** What `start` returned: names it drew, objects it made. */
  given: any;
  random: Random;
}

interface ExerciseBase {
  /** Letters, digits and dashes, unique in the book: `labels-1`. Learners' answers are found by it. */
  id: string;
  /** Korean. */
  title: string;
  /** Names of the library that would be the answer, say a real cluster where the learner writes a part of one. A grader withholds them. */
  withholds?: string[];
}

/** The learner writes a pure function or a value; the grader chooses the inputs. */
export interface FunctionExercise extends ExerciseBase {
  kind: 'function';
  checks: FunctionCheck[];
}

/**
 * The learner brings a cluster into a state (`cluster`), or writes something that the cluster then runs
 * (`component`: a controller, a selector, a plugin).
 */
export interface ClusterExercise extends ExerciseBase {
  kind: 'cluster' | 'component';
  /** Options of the fresh cluster; the seed is the run's. */
  cluster?: Omit<ClusterOptions, 'seed'>;
  /** Makes the starting state, quietly; what it draws comes from `random`. */
  start?(stage: Stage & { random: Random }): unknown;
  /** How the answer is used, default `answer(stage)`. A component exercise swaps it in here and then tells its story. */
  perform?(stage: Stage & { random: Random; given: any }, answer: any): unknown;
  checks: ClusterCheck[];
}

export type Exercise = FunctionExercise | ClusterExercise;

/** What anybody may know of an exercise. */
export interface ExerciseCard extends ExerciseBase {
  checks: CheckBase[];
}

export function pointsOf(exercise: ExerciseCard): number {
  return exercise.checks.reduce((sum, check) => sum + check.points, 0);
}

/** Thrown by a check: the message is Korean and is shown to the learner. */
export class Wrong extends Error {}

/** Ends a check with a Korean sentence that says what is wrong. */
export function wrong(message: string): never {
  throw new Wrong(message);
}

const known = new Map<string, Exercise>();

/** Makes exercises known to `exercise(id, answer)`. */
export function register(exercises: readonly Exercise[]): void {
  for (const exercise of exercises) {
    if (known.has(exercise.id)) throw new Error(`two exercises are called ${exercise.id}`);
    known.set(exercise.id, exercise);
  }
}

/** All exercises of the book, in the order of its lessons. */
export function exercises(): Exercise[] {
  return [...known.values()];
}

export function findExercise(id: string): Exercise | undefined {
  return known.get(id);
}
