// A history: workloads that somebody applies, and what people and the weather do to them.
import fc from 'fast-check';
import { crowded, roomy, type Setting, type Shape } from './shapes.ts';

export const images: readonly string[] = ['nginx:1.25', 'nginx:1.26', 'nginx:1.27', 'nginx:no-such'];
/** An image that no registry has: its pods never run. */
export const brokenImage = images[3]!;
const amounts = [0, 1, 2, '34%', '50%'] as const;
const small = fc.nat(5);

/** Surge and unavailability must not both be nothing. */
const rolling = fc.tuple(fc.constantFrom(...amounts), fc.constantFrom(...amounts)).map(([maxSurge, maxUnavailable]) => ({ maxSurge, maxUnavailable: maxSurge === 0 && maxUnavailable === 0 ? 1 : maxUnavailable }));
const grace = fc.constantFrom(0, 1, 5);
const minReady = fc.constantFrom(0, 0, 3);

type Shapes = fc.Arbitrary<Shape | undefined>;

const work = { seconds: fc.constantFrom(1, 10, 40), completions: fc.integer({ min: 1, max: 6 }), parallelism: fc.integer({ min: 1, max: 3 }), indexed: fc.boolean(), fails: fc.constantFrom(false, false, false, true) };
/** Seconds that a run may be late. */
const deadline = fc.constantFrom(undefined, undefined, 30, 200);

function workloadOf(shape: Shapes) {
  const server = { replicas: small, grace, shape };
  const deployment = fc.record({ kind: fc.constant('Deployment' as const), ...server, rolling: fc.option(rolling, { freq: 5, nil: undefined }), minReady, history: fc.nat(3) });
  const replicas = fc.record({ kind: fc.constantFrom('ReplicaSet' as const, 'ReplicationController' as const), ...server, minReady });
  const statefulSet = fc.record({ kind: fc.constant('StatefulSet' as const), ...server, parallel: fc.boolean(), partition: fc.constantFrom(0, 0, 0, 1) });
  const daemonSet = fc.record({ kind: fc.constant('DaemonSet' as const), maxUnavailable: fc.constantFrom(1, 2, '50%'), surge: fc.boolean(), minReady, grace, shape });
  const job = fc.record({ kind: fc.constant('Job' as const), ...work });
  const cronJob = fc.record({ kind: fc.constant('CronJob' as const), policy: fc.constantFrom('Allow' as const, 'Forbid' as const, 'Replace' as const), deadline, ...work });
  return fc.oneof({ weight: 4, arbitrary: deployment }, { weight: 2, arbitrary: replicas }, { weight: 3, arbitrary: statefulSet }, { weight: 2, arbitrary: daemonSet }, { weight: 2, arbitrary: job }, { weight: 1, arbitrary: cronJob });
}

type Drawn = ReturnType<typeof workloadOf> extends fc.Arbitrary<infer T> ? T : never;
/** Histories that were kept name only what matters. */
export type Workload = Drawn extends infer W ? (W extends unknown ? Omit<W, 'shape' | 'deadline'> & Partial<Pick<W, Extract<keyof W, 'shape' | 'deadline'>>> : never) : never;
export type Of<K extends Workload['kind']> = Extract<Workload, { kind: K }>;

const on = fc.nat(11);
const one = <Name extends string>(name: Name) => fc.constant(name);
const seconds = (...values: number[]) => fc.constantFrom(...values).map((value) => value * 1000);

const operation = fc.oneof(
  { weight: 4, arbitrary: fc.record({ op: one('scale'), on, to: small }) },
  { weight: 6, arbitrary: fc.record({ op: one('image'), on, next: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ op: one('pause'), on }) },
  { weight: 1, arbitrary: fc.record({ op: one('resume'), on }) },
  { weight: 2, arbitrary: fc.record({ op: one('undo'), on }) },
  { weight: 2, arbitrary: fc.record({ op: one('delete'), on, policy: fc.constantFrom('Background' as const, 'Foreground' as const, 'Orphan' as const) }) },
  { weight: 2, arbitrary: fc.record({ op: one('apply'), on }) },
  { weight: 3, arbitrary: fc.record({ op: one('relabel'), pod: on }) },
  { weight: 3, arbitrary: fc.record({ op: one('delete-pod'), pod: on, force: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ op: one('stray'), on }) },
  { weight: 3, arbitrary: fc.record({ op: one('evict'), pod: on }) },
  { weight: 3, arbitrary: fc.record({ op: one('drain'), node: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ op: one('uncordon'), node: fc.nat(2) }) },
);

const crowding = fc.oneof(
  { weight: 2, arbitrary: fc.record({ op: one('taint'), node: fc.nat(2), effect: fc.constantFrom('NoSchedule' as const, 'NoExecute' as const) }) },
  { weight: 1, arbitrary: fc.record({ op: one('untaint'), node: fc.nat(2) }) },
  { weight: 3, arbitrary: fc.record({ op: one('vip'), cpu: fc.constantFrom('300m', '900m', '1500m'), polite: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ op: one('quota'), pods: fc.integer({ min: 0, max: 12 }) }) },
);

const component = fc.constantFrom('kube-controller-manager', 'kube-controller-manager', 'kube-controller-manager', 'kube-scheduler', 'kubelet/worker-1', 'kubelet/worker-2');
const fault = fc.oneof(
  { weight: 6, arbitrary: fc.record({ op: one('crash'), component, writes: fc.nat(8), answered: fc.boolean(), down: seconds(0, 1, 20) }) },
  { weight: 1, arbitrary: fc.record({ op: one('outage'), of: fc.constantFrom('kube-apiserver', 'etcd'), down: seconds(1, 20) }) },
  { weight: 2, arbitrary: fc.record({ op: one('power-off'), node: fc.nat(2), down: seconds(5, 60, 420) }) },
  { weight: 1, arbitrary: fc.record({ op: one('clock-jump'), by: seconds(3, 60, 600) }) },
  { weight: 4, arbitrary: fc.record({ op: one('slow'), by: fc.constantFrom(50, 500, 3000), lasts: seconds(5, 60) }) },
  { weight: 2, arbitrary: fc.record({ op: one('lose-watches'), lasts: seconds(5, 60) }) },
);
const pressure = fc.record({ op: one('fill'), what: fc.constantFrom('memory' as const, 'disk' as const), node: fc.nat(2), lasts: seconds(5, 60, 420) });

const wait = fc.constantFrom(0, 0, 10, 10, 200, 200, 1000, 1000, 3000, 5000, 5000, 10_000, 20_000, 60_000, 330_000);
const plainStep = fc.record({ wait, what: fc.oneof({ weight: 3, arbitrary: operation }, { weight: 2, arbitrary: fault }) });
const crowdedStep = fc.record({ wait, what: fc.oneof({ weight: 5, arbitrary: operation }, { weight: 3, arbitrary: crowding }, { weight: 3, arbitrary: fault }, { weight: 1, arbitrary: pressure }) });
export type Action = typeof crowdedStep extends fc.Arbitrary<{ what: infer A }> ? A : never;

const budget = fc.record({ of: on, field: fc.constantFrom('minAvailable' as const, 'maxUnavailable' as const), amount: fc.constantFrom(1, 1, 2, 3, '50%') });
export type Budget = typeof budget extends fc.Arbitrary<infer T> ? T : never;

function historyOf({ shape, setting }: { shape: Shapes; setting: fc.Arbitrary<Setting | undefined> }, step: fc.Arbitrary<{ wait: number; what: Action }>) {
  return fc.record({
    seed: fc.nat(1_000_000),
    version: fc.constantFrom('v1.33', 'v1.33', 'v1.33', 'v1.20'),
    setting,
    workloads: fc.array(workloadOf(shape), { minLength: 1, maxLength: 3 }),
    budgets: fc.array(budget, { maxLength: 2 }),
    steps: fc.array(step, { minLength: 1, maxLength: 12, size: 'max' }),
  });
}

export interface History {
  seed: number;
  version: string;
  setting?: Setting | undefined;
  workloads: Workload[];
  budgets: Budget[];
  steps: { wait: number; what: Action }[];
}

/** Half of them in a cluster with room for all, half where pods compete. */
export const history: fc.Arbitrary<History> = fc.oneof(historyOf(roomy, plainStep), historyOf(crowded, crowdedStep)) as fc.Arbitrary<History>;
