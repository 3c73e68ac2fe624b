// How many replicas there shall be: by the bounds, or by what the metrics say.
import { parseSelector } from '../../api/index.ts';
import { computeReplicas, type Computed } from './all-metrics.ts';
import type { History } from './history.ts';
import { normalize } from './normalize.ts';
import type { Autoscaler, MetricStatus, Scale } from './types.ts';
import { type Draft, statusOf, type World, write } from './world.ts';

export interface Wanted {
  replicas: number;
  /** Given where it does not follow from the number. */
  rescale?: boolean;
  why: string;
  statuses?: MetricStatus[] | undefined;
}

export interface Look {
  scale: Scale;
  history: History;
  world: World;
  draft: Draft;
}

export function wantedReplicas(hpa: Autoscaler, look: Look): Wanted {
  const { minReplicas: min = 1, maxReplicas: max } = hpa.spec;
  const current = look.scale.spec.replicas ?? 0;
  if (current === 0 && min !== 0) {
    look.draft.set('ScalingActive', 'False', 'ScalingDisabled', 'scaling is disabled since the replica count of the target is zero');
    return { replicas: 0, rescale: false, why: '' };
  }
  if (current > max) return { replicas: max, rescale: true, why: 'Current number of replicas above Spec.MaxReplicas' };
  if (current < min) return { replicas: min, rescale: true, why: 'Current number of replicas below Spec.MinReplicas' };
  return byMetrics(hpa, look, { current, min, max });
}

function byMetrics(hpa: Autoscaler, { scale, history, world, draft }: Look, { current, min, max }: { current: number; min: number; max: number }): Wanted {
  const { version, now, scaleUpFactor } = world;
  const computed = compute(hpa, scale, world, draft);
  if (computed.replicas === undefined) return failed(hpa, { current, computed, world, draft });
  const desired = Math.max(0, computed.replicas);
  const why = desired > current ? `${computed.replicas > 0 ? computed.name : ''} above target` : desired < current ? 'All metrics below target' : '';
  const replicas = normalize({ desired, current, min, max, behavior: hpa.spec.behavior, history, now, version, scaleUpFactor }, draft.set);
  return { replicas, why, statuses: computed.statuses };
}

function failed(hpa: Autoscaler, { current, computed, world, draft }: { current: number; computed: Computed; world: World; draft: Draft }): never {
  const { kind, name } = hpa.spec.scaleTargetRef;
  const statuses = world.version.has('hpa-failed-status-has-metrics') ? computed.statuses : (hpa.status?.currentMetrics ?? undefined);
  write(hpa, world, statusOf(draft.status, current, hpa.status?.desiredReplicas ?? 0, statuses));
  draft.record('Warning', 'FailedComputeMetricsReplicas', computed.error!);
  throw new Error(`failed to compute desired number of replicas based on listed metrics for ${kind}/${hpa.metadata.namespace}/${name}: ${computed.error}`);
}

function compute(hpa: Autoscaler, scale: Scale, world: World, draft: Draft): Computed {
  const namespace = hpa.metadata.namespace!;
  const selector = scale.status.selector ?? '';
  const wrong = selectorFault(hpa, selector, world);
  if (wrong) {
    draft.record('Warning', wrong.event, wrong.message);
    draft.set('ScalingActive', 'False', wrong.reason, wrong.condition);
    return { error: wrong.message };
  }
  const question = { namespace, selector, spec: scale.spec.replicas ?? 0, status: scale.status.replicas, pods: () => world.podsOf(namespace, selector), now: world.now, source: world.source, version: world.version };
  return computeReplicas(hpa.spec.metrics ?? [], question, draft);
}

function selectorFault(hpa: Autoscaler, selector: string, { version, rivals }: World): { event: string; reason: string; message: string; condition: string } | undefined {
  if (!selector) return { event: 'SelectorRequired', reason: 'InvalidSelector', message: 'selector is required', condition: "the HPA target's scale is missing a selector" };
  try {
    parseSelector(selector, version);
  } catch (error) {
    const message = `couldn't convert selector into a corresponding internal selector object: ${(error as Error).message}`;
    return { event: 'InvalidSelector', reason: 'InvalidSelector', message, condition: message };
  }
  const several = version.has('hpa-ambiguous-selector') ? rivals?.(selector) : undefined;
  if (!several) return undefined;
  const message = `pods by selector ${selector} are controlled by multiple HPAs: ${several}`;
  return { event: 'AmbiguousSelector', reason: 'AmbiguousSelector', message, condition: message };
}
