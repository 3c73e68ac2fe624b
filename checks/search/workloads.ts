// What somebody applies in a history.
import fc from 'fast-check';
import type { Shape } from './shapes.ts';

export const images: readonly string[] = ['nginx:1.25', 'nginx:1.26', 'nginx:1.27', 'nginx:no-such'];
/** An image that no registry has: its pods never run. */
export const brokenImage = images[3]!;
const amounts = [0, 1, 2, '34%', '50%'] as const;

/** Surge and unavailability must not both be nothing. */
const rolling = fc.tuple(fc.constantFrom(...amounts), fc.constantFrom(...amounts)).map(([maxSurge, maxUnavailable]) => ({ maxSurge, maxUnavailable: maxSurge === 0 && maxUnavailable === 0 ? 1 : maxUnavailable }));
const grace = fc.constantFrom(0, 1, 5);
const minReady = fc.constantFrom(0, 0, 3);

type Shapes = fc.Arbitrary<Shape | undefined>;

const work = { seconds: fc.constantFrom(1, 10, 40), completions: fc.integer({ min: 1, max: 6 }), parallelism: fc.integer({ min: 1, max: 3 }), indexed: fc.boolean(), fails: fc.constantFrom(false, false, false, true) };
const zone = fc.constantFrom(undefined, 'Asia/Seoul' as const);
/** When a CronJob runs each minute. A history begins at midnight in Greenwich, at nine in Seoul. */
const hours = fc.constantFrom('*' as const, '*' as const, '0-2' as const, '9-11' as const);
/** Seconds that a run may be late. */
const deadline = fc.constantFrom(undefined, undefined, 30, 200);

/** Each kind of workload, with so many pods. */
export function kindsOf(shape: Shapes, replicas: fc.Arbitrary<number> = fc.nat(5)) {
  const server = { replicas, grace, shape };
  return {
    deployment: fc.record({ kind: fc.constant('Deployment' as const), ...server, rolling: fc.option(rolling, { freq: 5, nil: undefined }), minReady, history: fc.nat(3) }),
    replicaSet: fc.record({ kind: fc.constantFrom('ReplicaSet' as const, 'ReplicationController' as const), ...server, minReady }),
    statefulSet: fc.record({ kind: fc.constant('StatefulSet' as const), ...server, parallel: fc.boolean(), partition: fc.constantFrom(0, 0, 0, 1, 2) }),
    daemonSet: fc.record({ kind: fc.constant('DaemonSet' as const), maxUnavailable: fc.constantFrom(1, 2, '50%'), surge: fc.boolean(), minReady, grace, shape }),
    job: fc.record({ kind: fc.constant('Job' as const), ...work }),
    mortalJob: fc.record({ kind: fc.constant('Job' as const), ...work, ttl: fc.constantFrom(0, 30) }),
    cronJob: fc.record({ kind: fc.constant('CronJob' as const), policy: fc.constantFrom('Allow' as const, 'Forbid' as const, 'Replace' as const), deadline, zone, hours, ...work }),
    fleet: fc.record({ kind: fc.constant('Fleet' as const), ...server }),
  };
}

type Kinds = ReturnType<typeof kindsOf>;
export type Drawn = { [K in keyof Kinds]: Kinds[K] extends fc.Arbitrary<infer T> ? T : never }[keyof Kinds];
type Optional = 'shape' | 'deadline' | 'zone' | 'hours';
/** Histories that were kept name only what matters. */
export type Workload = Drawn extends infer W ? (W extends unknown ? Omit<W, Optional> & Partial<Pick<W, Extract<keyof W, Optional>>> : never) : never;
export type Of<K extends Workload['kind']> = Extract<Workload, { kind: K }>;

/** Each of these so often as is said. */
export function oneOf<K extends keyof Kinds>(kinds: Kinds, weights: Record<K, number>): fc.Arbitrary<Drawn> {
  return fc.oneof(...(Object.entries(weights) as [K, number][]).map(([kind, weight]) => ({ weight, arbitrary: kinds[kind] as fc.Arbitrary<Drawn> })));
}

/** As people have them. */
export const common = { deployment: 4, replicaSet: 2, statefulSet: 3, daemonSet: 2, job: 2, cronJob: 1, fleet: 1 } as const;
