// Random autoscalers under random loads: whatever is measured, the bounds hold, and no step goes further than it may.
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createVersion, type Pod } from '../../lib/api/index.ts';
import { type Autoscaler, type AutoscalerStatus, type Behavior, emptyHistory, type MetricSpec, reconcileAutoscaler, type Rules, type World } from '../../lib/autoscaling/index.ts';

const rules = (direction: 'up' | 'down') =>
  fc.record({
    stabilizationWindowSeconds: fc.constantFrom(...(direction === 'up' ? [0, 0, 60] : [0, 60, 300])),
    selectPolicy: fc.constantFrom('Max', 'Max', 'Min', 'Disabled'),
    policies: fc.array(fc.record({ type: fc.constantFrom('Pods', 'Percent'), value: fc.integer({ min: 1, max: 100 }), periodSeconds: fc.constantFrom(15, 60, 300) }), { minLength: 1, maxLength: 2 }),
  });

const history = fc.record({
  release: fc.constantFrom('v1.20', 'v1.33'),
  min: fc.integer({ min: 1, max: 4 }),
  more: fc.nat(12),
  start: fc.nat(20),
  target: fc.integer({ min: 20, max: 150 }),
  behavior: fc.option(fc.record({ scaleUp: rules('up'), scaleDown: rules('down') }), { nil: undefined }),
  // Of all pods together in milli-cores; how many have no sample, and how many are not ready.
  steps: fc.array(fc.record({ load: fc.oneof(fc.nat(400), fc.nat(8000)), silent: fc.nat(3), unready: fc.nat(2), person: fc.option(fc.nat(20), { freq: 8, nil: undefined }) }), { minLength: 5, maxLength: 40 }),
});

type History = typeof history extends fc.Arbitrary<infer T> ? T : never;
const now = Date.UTC(2024, 0, 2);
const longAgo = '2024-01-01T00:00:00Z';

const podOf = (i: number, ready: boolean) =>
  ({
    metadata: { namespace: 'default', name: `web-${i}`, labels: { app: 'web' } },
    spec: { containers: [{ name: 'app', image: 'i', resources: { requests: { cpu: '200m' } } }] },
    status: { phase: ready ? 'Running' : 'Pending', startTime: longAgo, conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: longAgo }] },
  }) as unknown as Pod;

function play({ release, min, more, start, target, behavior, steps }: History): void {
  const version = createVersion(release);
  const max = min + more;
  const metrics: MetricSpec[] = [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: target } } }];
  const metadata = { namespace: 'default', name: 'hpa', uid: 'u', resourceVersion: '1', creationTimestamp: longAgo };
  const spec = { scaleTargetRef: { kind: 'Deployment', name: 'web', apiVersion: 'apps/v1' }, minReplicas: min, maxReplicas: max, metrics, ...(behavior && { behavior: behavior as Behavior }) };
  const remembered = emptyHistory();
  let status: AutoscalerStatus = { desiredReplicas: 0 };
  let replicas = start;
  steps.forEach(({ load, silent, unready, person }, i) => {
    replicas = person ?? replicas;
    const before = replicas;
    const pods = Array.from({ length: before }, (_, n) => podOf(n, n >= unready));
    const sampled = pods.slice(unready + silent);
    const world: World = {
      ...{ version, now: now + i * 15_000, timestamp: new Date(now + i * 15_000).toISOString() },
      source: {
        resource() {
          if (sampled.length === 0) throw new Error('no metrics returned from resource metrics API');
          return new Map(sampled.map(({ metadata: { name } }) => [name, { value: Math.floor(load / sampled.length), timestamp: now + i * 15_000, window: 15_000 }]));
        },
        pods: () => new Map(),
        object: () => 0,
        external: () => [],
      },
      podsOf: () => pods,
      getScale: () => ({ apiVersion: 'autoscaling/v1', kind: 'Scale', metadata, spec: { replicas: before }, status: { replicas: before, selector: 'app=web' } }),
      updateScale: (scale) => void (replicas = scale.spec.replicas ?? 0),
      updateStatus: (next) => void (status = next),
      record: () => {},
    };
    try {
      reconcileAutoscaler({ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata, spec, status } as Autoscaler, remembered, world);
    } catch (error) {
      assert.is(replicas, before, `an error scaled nothing: ${(error as Error).message}`);
    }
    judge({ before, after: replicas, min, max, behavior, status });
  });
}

function judge({ before, after, min, max, behavior, status }: { before: number; after: number; min: number; max: number; behavior: { scaleUp: Rules; scaleDown: Rules } | undefined; status: AutoscalerStatus }): void {
  if (before === 0) return assert.is(after, 0, 'what a person scaled to nothing stays there');
  if (before > max) return assert.is(after, max);
  if (before < min) return assert.is(after, min);
  assert.ok(after >= min && after <= max, `${before} became ${after}, not within ${min} and ${max}`);
  if (!behavior) assert.ok(after <= Math.max(2 * before, 4), `${before} became ${after} at once`);
  if (behavior?.scaleUp.selectPolicy === 'Disabled') assert.ok(after <= before, 'it grew, though it must not');
  if (behavior?.scaleDown.selectPolicy === 'Disabled') assert.ok(after >= before, 'it shrank, though it must not');
  assert.is(status.currentReplicas, before);
  for (const { type, reason, message, lastTransitionTime } of status.conditions ?? []) assert.ok(type && reason && message && lastTransitionTime);
}

for (const seed of [1, 20_260_101]) {
  test(`bounds hold in random histories (${seed})`, () => {
    fc.assert(fc.property(history, play), { seed, numRuns: 150 });
  });
}

test.run();
