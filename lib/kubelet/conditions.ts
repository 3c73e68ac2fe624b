import { type ContainerStatus, isSidecar, type PodCondition, type PodSpec } from '../api/index.ts';
import { anyStarted } from './pod-phase.ts';

type Verdict = Pick<PodCondition, 'type' | 'status' | 'reason' | 'message'>;

/** Conditions that the kubelet owns; all others in a status are left as they are. */
export const ownConditions = new Set(['PodResizePending', 'PodResizeInProgress', 'PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled']);

/** `[a b]`, as Go prints a list. */
const list = (names: readonly string[]) => `[${names.join(' ')}]`;

export function containersReady({ initContainers }: PodSpec, { init, containers }: { init: readonly ContainerStatus[]; containers: readonly ContainerStatus[] }, phase: string): Verdict {
  const type = 'ContainersReady';
  if (phase === 'Succeeded') return { type, status: 'False', reason: 'PodCompleted' };
  let unready = '';
  // Sidecars count, and come first.
  if (initContainers) for (const container of initContainers) if (isSidecar(container) && !init.find((s) => s.name === container.name)?.ready) unready += unready ? ` ${container.name}` : container.name;
  for (let i = 0; i < containers.length; i++) if (!containers[i]!.ready) unready += unready ? ` ${containers[i]!.name}` : containers[i]!.name;
  if (unready) return { type, status: 'False', reason: 'ContainersNotReady', message: `containers with unready status: [${unready}]` };
  return { type, status: 'True' };
}

export function podReady(spec: PodSpec, others: readonly PodCondition[], containers: Verdict): Verdict {
  if (containers.status !== 'True') return { type: 'Ready', status: 'False', reason: containers.reason, message: containers.message };
  if (!spec.readinessGates?.length) return { type: 'Ready', status: 'True' };
  const missing: string[] = [];
  for (const { conditionType } of spec.readinessGates) {
    const condition = others.find((c) => c.type === conditionType);
    if (!condition) missing.push(`corresponding condition of pod readiness gate ${JSON.stringify(conditionType)} does not exist.`);
    else if (condition.status !== 'True') missing.push(`the status of pod readiness gate ${JSON.stringify(conditionType)} is not "True", but ${condition.status}`);
  }
  if (missing.length > 0) return { type: 'Ready', status: 'False', reason: 'ReadinessGatesNotReady', message: missing.join(', ') };
  return { type: 'Ready', status: 'True' };
}

export function podInitialized(spec: PodSpec, { init, containers }: { init: readonly ContainerStatus[]; containers: readonly ContainerStatus[] }, phase: string): Verdict {
  const type = 'Initialized';
  if (!spec.initContainers?.length) return phase === 'Succeeded' ? { type, status: 'True', reason: 'PodCompleted' } : { type, status: 'True' };
  const incomplete = spec.initContainers.filter((c) => {
    const status = init.find((s) => s.name === c.name);
    return isSidecar(c) ? !status?.started : !status?.ready;
  });
  if (phase === 'Succeeded') return { type, status: 'True', reason: 'PodCompleted' };
  if (incomplete.length === 0 || (incomplete.some(isSidecar) && anyStarted(containers))) return { type, status: 'True' };
  return { type, status: 'False', reason: 'ContainersNotInitialized', message: `containers with incomplete status: ${list(incomplete.map((c) => c.name))}` };
}

/** The verdict as a condition; one that says the same as before is the same object, with its old time. */
export function stamped({ type, status, reason, message }: Verdict, before: readonly PodCondition[] | undefined, now: string): PodCondition {
  let old: PodCondition | undefined;
  if (before) for (let i = 0; i < before.length; i++) if (before[i]!.type === type) old = before[i];
  if (old && old.status === status && old.reason === reason && old.message === message) return old;
  const condition: Record<string, unknown> = { type, status, lastProbeTime: null, lastTransitionTime: old?.status === status ? old.lastTransitionTime : now };
  if (reason) condition['reason'] = reason;
  if (message) condition['message'] = message;
  return condition as unknown as PodCondition;
}
