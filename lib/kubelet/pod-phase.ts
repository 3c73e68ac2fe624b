import { type ContainerStatus, isSidecar, type PodSpec } from '../api/index.ts';

export type PodPhase = 'Pending' | 'Running' | 'Succeeded' | 'Failed';

/** The phase that follows from the states of the containers. `ending`: nothing will be restarted any more. */
export function podPhase(spec: PodSpec, init: readonly ContainerStatus[], containers: readonly ContainerStatus[], ending = false): PodPhase {
  const policy = ending ? 'Never' : spec.restartPolicy;
  const begun = initProgress(spec, init);
  if (begun.failed && policy === 'Never') return 'Failed';

  let running = 0;
  let waiting = 0;
  let stopped = 0;
  let succeeded = 0;
  for (let i = 0; i < containers.length; i++) {
    const { state, lastState } = containers[i]!;
    if (state?.running) running++;
    else if (state?.terminated) {
      stopped++;
      if (state.terminated.exitCode === 0) succeeded++;
    } else if (lastState?.terminated) stopped++;
    else waiting++;
  }
  const known = containers.length === spec.containers.length;
  if (begun.pending || waiting > 0) return 'Pending';
  if (running > 0 && known) return 'Running';
  if (running > 0 || stopped === 0 || !known) return 'Pending';
  if (policy === 'Always') return 'Running';
  if (stopped === succeeded) return 'Succeeded';
  return policy === 'Never' ? 'Failed' : 'Running';
}

const notBegun = { pending: false, failed: false };

function initProgress(spec: PodSpec, statuses: readonly ContainerStatus[]): { pending: boolean; failed: boolean } {
  let pending = false;
  let failed = false;
  const containers = spec.initContainers;
  if (!containers) return notBegun;
  for (const container of containers) {
    const status = statuses.find((s) => s.name === container.name);
    const state = status?.state;
    if (isSidecar(container)) {
      if (!status?.started) pending = true;
    } else if (state?.terminated) failed ||= state.terminated.exitCode !== 0;
    else if (state?.waiting && status?.lastState?.terminated) failed ||= status.lastState.terminated.exitCode !== 0;
    else pending = true;
  }
  return { pending, failed };
}
