// What makes a cluster crowded: small nodes, large and important pods, taints, spreading, claims, quotas.
import fc from 'fast-check';

/** How a pod that serves is told to be placed. */
const shape = fc.record({
  cpu: fc.constantFrom('300m', '500m', '900m', '1500m'),
  priority: fc.constantFrom(undefined, undefined, 'low' as const, 'high' as const, 'polite' as const),
  /** No node has two more of them than another. */
  spread: fc.constantFrom(false, false, true),
  tolerates: fc.boolean(),
  /** Of a StatefulSet: each pod has a claim, bound at once or when the pod has a node. */
  claims: fc.constantFrom(undefined, 'now' as const, 'later' as const),
  /** The claim of a pod that is scaled away goes with it. */
  shrinks: fc.boolean(),
});
export type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never;

const setting = fc.record({
  /** Of each of the three nodes. */
  cpus: fc.constantFrom(1, 2, 2, 4),
  /** How many pods the namespace may have. */
  quota: fc.option(fc.integer({ min: 2, max: 9 }), { nil: undefined, freq: 3 }),
  /** Containers that ask for nothing are given something. */
  limitRange: fc.boolean(),
});
export type Setting = typeof setting extends fc.Arbitrary<infer T> ? T : never;

export const crowded = { shape, setting };
export const roomy = { shape: fc.constant(undefined), setting: fc.constant(undefined) };

const no = fc.constant(false);
/** Small pods of low priority, on nodes for one to three of them. */
export const contested = {
  shape: fc.record({ cpu: fc.constantFrom('300m' as const, '500m' as const, '900m' as const), priority: fc.constantFrom(undefined, 'low' as const), spread: no, tolerates: no, claims: fc.constant(undefined), shrinks: no }),
  setting: fc.record({ cpus: fc.constant(1 as const), quota: fc.constant(undefined), limitRange: no }),
};

/** Priorities of the classes that the cluster of a history has; `polite` pods send nobody away. */
export const priorities: Readonly<Record<NonNullable<Shape['priority']>, number>> = { low: -10, high: 1000, polite: 1000 };
/** Only pods that are told so go to a node with this taint. */
export const taintKey = 'dedicated';
