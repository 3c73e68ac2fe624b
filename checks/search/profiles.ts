// Sorts of histories: each brings one kind of trouble about so often that a few dozen of them meet it.
import fc from 'fast-check';
import type { History } from './history.ts';
import { contested, crowded, roomy, type Setting } from './shapes.ts';
import { operating, stepsOf } from './steps.ts';
import { common, type Drawn, kindsOf, oneOf } from './workloads.ts';

const of = fc.nat(11);
const field = fc.constantFrom('minAvailable' as const, 'maxUnavailable' as const);
const budgetOf = (...amounts: (string | number)[]) => fc.record({ of, field, amount: fc.constantFrom(...amounts) });
const budget = budgetOf(1, 1, 2, 3, '50%');
/** Nobody may go, or one. */
const strict = fc.oneof(fc.constant({ of: 0, field: 'minAvailable' as const, amount: '100%' }), budgetOf(0, 1, '100%'));
export type Budget = typeof budget extends fc.Arbitrary<infer T> ? T : never;

interface Parts {
  setting?: fc.Arbitrary<Setting | undefined>;
  workload: fc.Arbitrary<Drawn>;
  /** Default 3. */
  workloads?: number;
  budgets?: fc.Arbitrary<Budget[]>;
  steps: fc.Arbitrary<History['steps']>;
}

function historyOf({ setting = roomy.setting, workload, workloads = 3, budgets = fc.array(budget, { maxLength: 2 }), steps }: Parts): fc.Arbitrary<History> {
  return fc.record({ seed: fc.nat(1_000_000), version: fc.constantFrom('v1.33', 'v1.33', 'v1.33', 'v1.20'), setting, workloads: fc.array(workload, { minLength: 1, maxLength: workloads }), budgets, steps });
}

const room = kindsOf(roomy.shape);
const several = kindsOf(roomy.shape, fc.integer({ min: 2, max: 5 }));
const crowd = kindsOf(crowded.shape);
const rivals = kindsOf(contested.shape, fc.integer({ min: 1, max: 5 }));
const none = fc.constant<Budget[]>([]);

export const profiles = {
  /** Of everything a little, with room for all. */
  plain: historyOf({ workload: oneOf(room, common), steps: stepsOf({ what: operating }) }),
  /** Of everything a little, where pods compete. */
  crowded: historyOf({ setting: crowded.setting, workload: oneOf(crowd, common), steps: stepsOf({ what: { ...operating, taint: 5, untaint: 3, vip: 9, quota: 3, fill: 5 }, faulty: 3 }) }),
  /** Important pods meet budgets on full nodes. */
  contested: historyOf({
    setting: contested.setting,
    workload: oneOf(rivals, { replicaSet: 1 }),
    budgets: fc.array(strict, { minLength: 1, maxLength: 2 }),
    steps: stepsOf({ what: { rush: 5, 'delete-pod': 2 }, faulty: 2, faults: { 'lose-binding': 1, slow: 1, crash: 1 }, waits: [3000, 5000, 20_000], atLeast: 4 }),
  }),
  /** The scheduler does not hear what became of its writes, and sees late what there is. */
  unheard: historyOf({
    workload: oneOf(several, { replicaSet: 2, statefulSet: 1 }),
    budgets: none,
    steps: stepsOf({ what: { scale: 3, 'delete-pod': 3 }, faulty: 5, faults: { 'lose-binding': 3, 'very-slow': 3 }, waits: [0, 0, 200, 1000, 5000], atLeast: 6 }),
  }),
  /** Sets of several pods go from one template to the next while pods are lost. */
  rollouts: historyOf({
    workload: oneOf(several, { deployment: 2, statefulSet: 3, daemonSet: 2 }),
    workloads: 2,
    budgets: none,
    steps: stepsOf({ what: { image: 6, undo: 2, scale: 2, partition: 1, 'delete-pod': 2, relabel: 1 }, faults: { slow: 3, 'lose-watches': 2, crash: 3, 'power-off': 1, 'lose-answer': 1 }, waits: [0, 200, 1000, 3000, 3000, 10_000, 60_000] }),
  }),
  /** Jobs and cron jobs, over minutes. */
  batch: historyOf({
    workload: oneOf(room, { job: 2, cronJob: 3 }),
    workloads: 2,
    budgets: none,
    steps: stepsOf({ what: { pause: 1, resume: 2, scale: 1, 'delete-pod': 2, delete: 1, apply: 1, relabel: 1 }, waits: [0, 200, 5000, 20_000, 60_000, 60_000, 130_000] }),
  }),
  /** Nodes come and go below the pods. */
  moving: historyOf({
    workload: oneOf(several, { deployment: 2, replicaSet: 2, statefulSet: 2, daemonSet: 1, fleet: 1 }),
    workloads: 2,
    steps: stepsOf({ what: { drain: 5, uncordon: 2, scale: 3, evict: 2, taint: 2, untaint: 1, 'delete-pod': 2 }, waits: [0, 1000, 5000, 20_000, 60_000] }),
  }),
  /** What the API server and its collectors promise: finalizers, owners, quotas, claims, time to live. */
  promises: historyOf({
    setting: crowded.setting.map((setting) => ({ ...setting, quota: setting.quota ?? 12 })),
    workload: oneOf(crowd, { statefulSet: 3, mortalJob: 2, replicaSet: 2, deployment: 2 }),
    budgets: none,
    steps: stepsOf({ what: { hold: 3, delete: 3, apply: 2, foreign: 2, scale: 3, 'delete-pod': 2, image: 2, quota: 1 }, faulty: 3, waits: [0, 200, 1000, 5000, 20_000, 60_000], atLeast: 4 }),
  }),
} satisfies Record<string, fc.Arbitrary<History>>;

export type Profile = keyof typeof profiles;
