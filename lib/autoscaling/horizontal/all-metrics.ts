// All metrics of an autoscaler: the highest count wins (computeReplicasForMetrics in horizontal.go).
import type { Version } from '../../api/index.ts';
import type { SetCondition } from './conditions.ts';
import { MetricFailure, type MetricQuestion } from './measuring.ts';
import { measure } from './metric.ts';
import type { MetricSpec, MetricStatus } from './types.ts';

export interface Computed {
  /** Missing: nothing can be said. */
  replicas?: number;
  name?: string;
  statuses?: MetricStatus[];
  /** Why nothing can be said. That some metrics failed beside others that sufficed stands in events alone. */
  error?: string;
}

export interface Telling {
  set: SetCondition;
  record(type: 'Normal' | 'Warning', reason: string, message: string): void;
}

export function computeReplicas(metrics: readonly MetricSpec[], question: MetricQuestion, { set, record }: Telling): Computed {
  const failures: MetricFailure[] = [];
  const statuses: MetricStatus[] = [];
  let best: { replicas: number; name: string } | undefined;
  for (const metric of metrics) {
    const measured = attempt(metric, question);
    if (measured instanceof MetricFailure) {
      record('Warning', measured.reason, measured.said);
      failures.push(measured);
      statuses.push({ type: '' });
    } else {
      statuses.push(measured.status);
      if (!best?.replicas || measured.replicas > best.replicas) best = measured;
    }
  }
  const error = failures[0] && `invalid metrics (${failures.length} invalid out of ${metrics.length}), first error is: ${failures[0].message}`;
  if (!best || saysTooLittle(failures, best.replicas, question)) {
    const { reason, said } = failures[0] ?? { reason: '', said: '' };
    set('ScalingActive', 'False', reason, `the HPA was unable to compute the replica count: ${said}`);
    return { statuses, error: error ?? 'invalid metrics (0 invalid out of 0), first error is: <nil>' };
  }
  set('ScalingActive', 'True', 'ValidMetricFound', `the HPA was able to successfully calculate a replica count from ${best.name}`);
  return { replicas: best.replicas, name: best.name, statuses };
}

/** Fewer replicas are no good answer while some metrics are not known: they may ask for more. */
function saysTooLittle(failures: readonly MetricFailure[], replicas: number, { spec, version }: { spec: number; version: Version }): boolean {
  return failures.length > 0 && replicas < spec && version.has('hpa-no-scale-down-in-doubt');
}

function attempt(metric: MetricSpec, question: MetricQuestion) {
  try {
    return measure(metric, question);
  } catch (error) {
    if (error instanceof MetricFailure) return error;
    throw error;
  }
}
