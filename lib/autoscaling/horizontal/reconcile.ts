// One look at an autoscaler: its target, its metrics, what follows (reconcileAutoscaler in horizontal.go).
import { equal, parseSelector, type Pod, type Version } from '../../api/index.ts';
import { computeReplicas, type Computed, type Telling } from './all-metrics.ts';
import { withCondition } from './conditions.ts';
import { type History, storeScaleEvent } from './history.ts';
import { normalize, type Wish } from './normalize.ts';
import type { Autoscaler, AutoscalerStatus, MetricsSource, MetricStatus, Scale } from './types.ts';

/** What a look needs of the world. */
export interface World {
  version: Version;
  /** Milliseconds. */
  now: number;
  timestamp: string;
  source: MetricsSource;
  /** As a {@link Wish} has it. */
  scaleUpFactor?: Wish['scaleUpFactor'];
  podsOf(namespace: string, selector: string): readonly Pod[];
  /** Autoscalers that pods behind this selector belong to, this one among them: `[default/a default/b]` when they are several. */
  rivals?(hpa: Autoscaler, selector: string): string | undefined;
  /** Throw an Error in the words of the API server. */
  getScale(hpa: Autoscaler): Scale;
  updateScale(hpa: Autoscaler, scale: Scale): void;
  updateStatus(hpa: Autoscaler, status: AutoscalerStatus): void;
  record: Telling['record'];
}

interface Draft extends Telling {
  status: AutoscalerStatus;
}

function draftOf(hpa: Autoscaler, world: World): Draft {
  const draft: Draft = {
    status: hpa.status ?? { desiredReplicas: 0 },
    record: world.record,
    set(type, status, reason, message) {
      draft.status = { ...draft.status, conditions: withCondition(draft.status.conditions ?? [], { type, status, reason, message }, world.timestamp) };
    },
  };
  return draft;
}

/** Throws an Error that says what did not work; all that can be done is done before. */
export function reconcileAutoscaler(hpa: Autoscaler, history: History, world: World): void {
  const draft = draftOf(hpa, world);
  const scale = currentScale(hpa, world, draft);
  const current = scale.spec.replicas ?? 0;
  if (history.recommendations.length === 0) history.recommendations.push({ replicas: current, at: world.now });
  const wanted = wantedReplicas(hpa, { scale, history, world, draft });
  const isRescale = wanted.rescale ?? wanted.replicas !== current;
  if (isRescale) rescale(hpa, { scale, wanted, history, world, draft });
  const desired = isRescale ? wanted.replicas : current;
  write(hpa, world, { ...statusOf(draft.status, current, desired, wanted.statuses), ...(isRescale && { lastScaleTime: world.timestamp }) });
  if (wanted.error) throw new Error(wanted.error);
}

function currentScale(hpa: Autoscaler, world: World, draft: Draft): Scale {
  const { kind, name } = hpa.spec.scaleTargetRef;
  try {
    const scale = world.getScale(hpa);
    draft.set('AbleToScale', 'True', 'SucceededGetScale', "the HPA controller was able to get the target's current scale");
    return scale;
  } catch (error) {
    const { message } = error as Error;
    draft.record('Warning', 'FailedGetScale', message);
    draft.set('AbleToScale', 'False', 'FailedGetScale', `the HPA controller was unable to get the target's current scale: ${message}`);
    write(hpa, world, draft.status);
    throw new Error(`failed to query scale subresource for ${kind}/${hpa.metadata.namespace}/${name}: ${message}`);
  }
}

interface Wanted {
  replicas: number;
  /** Given where it does not follow from the number. */
  rescale?: boolean;
  why: string;
  statuses?: MetricStatus[] | undefined;
  error?: string | undefined;
}

interface Look {
  scale: Scale;
  history: History;
  world: World;
  draft: Draft;
}

function wantedReplicas(hpa: Autoscaler, look: Look): Wanted {
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
  return { replicas, why, statuses: computed.statuses, error: computed.error };
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
  const several = version.has('hpa-ambiguous-selector') ? rivals?.(hpa, selector) : undefined;
  if (!several) return undefined;
  const message = `pods by selector ${selector} are controlled by multiple HPAs: ${several}`;
  return { event: 'AmbiguousSelector', reason: 'AmbiguousSelector', message, condition: message };
}

function rescale(hpa: Autoscaler, { scale, wanted, history, world, draft }: Look & { wanted: Wanted }): void {
  const current = scale.spec.replicas ?? 0;
  try {
    world.updateScale(hpa, { ...scale, spec: { replicas: wanted.replicas } });
  } catch (error) {
    const { message } = error as Error;
    draft.record('Warning', 'FailedRescale', `New size: ${wanted.replicas}; reason: ${wanted.why}; error: ${message}`);
    draft.set('AbleToScale', 'False', 'FailedUpdateScale', `the HPA controller was unable to update the target scale: ${message}`);
    const statuses = world.version.has('hpa-failed-status-has-metrics') ? wanted.statuses : (hpa.status?.currentMetrics ?? undefined);
    write(hpa, world, statusOf(draft.status, current, hpa.status?.desiredReplicas ?? 0, statuses));
    throw new Error(`failed to rescale ${hpa.spec.scaleTargetRef.kind}/${hpa.metadata.namespace}/${hpa.spec.scaleTargetRef.name}: ${message}`);
  }
  draft.set('AbleToScale', 'True', 'SucceededRescale', `the HPA controller was able to update the target scale to ${wanted.replicas}`);
  draft.record('Normal', 'SuccessfulRescale', `New size: ${wanted.replicas}; reason: ${wanted.why}`);
  if (hpa.spec.behavior) storeScaleEvent(history, hpa.spec.behavior, { from: current, to: wanted.replicas, now: world.now });
}

function statusOf({ conditions, lastScaleTime }: AutoscalerStatus, currentReplicas: number, desiredReplicas: number, statuses: MetricStatus[] | undefined): AutoscalerStatus {
  return { ...(lastScaleTime && { lastScaleTime }), currentReplicas, desiredReplicas, currentMetrics: statuses?.length ? statuses : null, ...(conditions && { conditions }) };
}

/** An unchanged status is not written; no list is as good as an empty one. */
function write(hpa: Autoscaler, world: World, status: AutoscalerStatus): void {
  const plain = ({ currentMetrics, conditions, currentReplicas, ...rest }: AutoscalerStatus) => ({ ...rest, currentReplicas: currentReplicas ?? 0, currentMetrics: currentMetrics ?? [], conditions: conditions ?? [] });
  if (!equal(plain(status), plain(hpa.status ?? { desiredReplicas: 0 }))) world.updateStatus(hpa, status);
}
