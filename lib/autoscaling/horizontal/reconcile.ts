// One look at an autoscaler: its target, its metrics, what follows (reconcileAutoscaler in horizontal.go).
import { withCondition } from './conditions.ts';
import { type History, storeScaleEvent } from './history.ts';
import type { Autoscaler, Scale } from './types.ts';
import { type Look, type Wanted, wantedReplicas } from './wanted.ts';
import { type Draft, statusOf, type World, write } from './world.ts';

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
}

function currentScale(hpa: Autoscaler, world: World, draft: Draft): Scale {
  const { kind, name } = hpa.spec.scaleTargetRef;
  try {
    const scale = world.getScale();
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

function rescale(hpa: Autoscaler, { scale, wanted, history, world, draft }: Look & { wanted: Wanted }): void {
  const current = scale.spec.replicas ?? 0;
  try {
    world.updateScale({ ...scale, spec: { replicas: wanted.replicas } });
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
