// What people do in a history, and what breaks.
import fc from 'fast-check';

const on = fc.nat(11);
const node = fc.nat(2);
const one = <Name extends string>(name: Name) => fc.constant(name);
const seconds = (...values: number[]) => fc.constantFrom(...values).map((value) => value * 1000);

/** What people do to workloads and their pods. */
export const operations = {
  scale: fc.record({ op: one('scale'), on, to: fc.nat(5) }),
  image: fc.record({ op: one('image'), on, next: fc.nat(2) }),
  partition: fc.record({ op: one('partition'), on, to: fc.nat(3) }),
  pause: fc.record({ op: one('pause'), on }),
  resume: fc.record({ op: one('resume'), on }),
  undo: fc.record({ op: one('undo'), on }),
  delete: fc.record({ op: one('delete'), on, policy: fc.constantFrom('Background' as const, 'Foreground' as const, 'Orphan' as const) }),
  apply: fc.record({ op: one('apply'), on }),
  relabel: fc.record({ op: one('relabel'), pod: on }),
  'delete-pod': fc.record({ op: one('delete-pod'), pod: on, force: fc.boolean() }),
  stray: fc.record({ op: one('stray'), on }),
  evict: fc.record({ op: one('evict'), pod: on }),
  /** A finalizer holds a workload for a while. */
  hold: fc.record({ op: one('hold'), on, lasts: seconds(5, 60) }),
  /** A pod says that it belongs to a workload that has the name, and another uid. */
  foreign: fc.record({ op: one('foreign'), on }),
  drain: fc.record({ op: one('drain'), node }),
  uncordon: fc.record({ op: one('uncordon'), node }),
};

/** What makes pods compete for room. */
export const crowding = {
  taint: fc.record({ op: one('taint'), node, effect: fc.constantFrom('NoSchedule' as const, 'NoExecute' as const) }),
  untaint: fc.record({ op: one('untaint'), node }),
  vip: fc.record({ op: one('vip'), cpu: fc.constantFrom('300m', '500m', '900m', '1500m'), polite: fc.constantFrom(false, false, true) }),
  /** Has a node at once, if need be in the place of others. */
  rush: fc.record({ op: one('vip'), cpu: fc.constantFrom('300m', '500m', '900m'), polite: fc.constant(false) }),
  quota: fc.record({ op: one('quota'), pods: fc.integer({ min: 0, max: 12 }) }),
  fill: fc.record({ op: one('fill'), what: fc.constantFrom('memory' as const, 'disk' as const), node, lasts: seconds(5, 60, 420) }),
};

const component = fc.constantFrom('kube-controller-manager', 'kube-controller-manager', 'kube-controller-manager', 'kube-scheduler', 'kubelet/worker-1', 'kubelet/worker-2');
export const faults = {
  crash: fc.record({ op: one('crash'), component, writes: fc.nat(8), answered: fc.boolean(), down: seconds(0, 1, 20) }),
  outage: fc.record({ op: one('outage'), of: fc.constantFrom('kube-apiserver', 'etcd'), down: seconds(1, 20) }),
  'power-off': fc.record({ op: one('power-off'), node, down: seconds(5, 60, 420) }),
  'clock-jump': fc.record({ op: one('clock-jump'), by: seconds(3, 60, 600) }),
  slow: fc.record({ op: one('slow'), by: fc.constantFrom(50, 500, 3000), lasts: seconds(5, 60) }),
  'lose-watches': fc.record({ op: one('lose-watches'), lasts: seconds(5, 60) }),
  'lose-answer': fc.record({ op: one('lose-answer'), component, writes: fc.nat(8) }),
  /** The scheduler does not hear of a binding, or of a pod that it has sent away. */
  'lose-binding': fc.record({ op: one('lose-answer'), component: one('kube-scheduler'), writes: fc.nat(1) }),
  /** For a minute everybody may be seconds behind. */
  'very-slow': fc.record({ op: one('slow'), by: fc.constant(3000), lasts: seconds(60) }),
  'shut-down': fc.record({ op: one('shut-down'), node, down: seconds(20, 60) }),
  'runtime-down': fc.record({ op: one('runtime-down'), node, down: seconds(5, 60) }),
  'no-network': fc.record({ op: one('no-network'), lasts: seconds(5, 60) }),
  'webhook-down': fc.record({ op: one('webhook-down'), policy: fc.constantFrom('Fail' as const, 'Fail' as const, 'Ignore' as const), lasts: seconds(5, 60) }),
};

const all = { ...operations, ...crowding, ...faults };
export type Action = { [K in keyof typeof all]: (typeof all)[K] extends fc.Arbitrary<infer T> ? T : never }[keyof typeof all];
export type Weights = Partial<Record<keyof typeof all, number>>;

const commonFaults: Weights = { crash: 6, outage: 1, 'power-off': 2, 'clock-jump': 1, slow: 4, 'lose-watches': 2, 'lose-answer': 2, 'shut-down': 1, 'runtime-down': 1, 'no-network': 1, 'webhook-down': 1 };

function actions(weights: Weights): fc.Arbitrary<Action> {
  return fc.oneof(...(Object.entries(weights) as [keyof typeof all, number][]).map(([op, weight]) => ({ weight, arbitrary: all[op] as fc.Arbitrary<Action> })));
}

const pauses = [0, 0, 10, 10, 200, 200, 1000, 1000, 3000, 5000, 5000, 10_000, 20_000, 60_000, 330_000];

interface Mix {
  /** What is done, and how often. */
  what: Weights;
  /** Of ten steps, so many are faults. Default 4. */
  faulty?: number;
  /** The faults; default all. */
  faults?: Weights;
  /** Milliseconds between two steps. */
  waits?: readonly number[];
  /** How many steps there are at least. Default 1; at most 12. */
  atLeast?: number;
}

/** Steps of which each does one thing after a while. */
export function stepsOf({ what, faulty = 4, faults: broken = commonFaults, waits = pauses, atLeast = 1 }: Mix): fc.Arbitrary<{ wait: number; what: Action }[]> {
  const action = fc.oneof({ weight: 10 - faulty, arbitrary: actions(what) }, { weight: faulty, arbitrary: actions(broken) });
  return fc.array(fc.record({ wait: fc.constantFrom(...waits), what: action }), { minLength: atLeast, maxLength: 12, size: 'max' });
}

export const operating: Weights = { scale: 4, image: 6, partition: 1, pause: 1, resume: 1, undo: 2, delete: 2, apply: 2, relabel: 3, 'delete-pod': 3, stray: 1, evict: 3, drain: 3, uncordon: 1 };
