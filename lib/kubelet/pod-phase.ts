import { type ContainerStatus, isSidecar, type PodSpec } from '../api/index.ts';

export type PodPhase = 'Pending' | 'Running' | 'Succeeded' | 'Failed';

/** The phase that follows from the states of the containers. `ending`: nothing will be restarted any more. */
export function podPhase(spec: PodSpec, init: readonly ContainerStatus[], containers: readonly ContainerStatus[], ending = false): PodPhase {
  const policy = ending ? 'Never' : spec.restartPolicy;
  const begun = initProgress(spec, init);
  if (begun.failed && policy === 'Never') return 'Failed';

  let running = begun.running;
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
  if ((begun.pending && !(begun.sidecars && anyStarted(containers))) || waiting > 0) return 'Pending';
  if (running > 0 && known) return 'Running';
  if (running > 0 || stopped === 0 || !known) return 'Pending';
  if (policy === 'Always') return 'Running';
  if (stopped === succeeded) return 'Succeeded';
  return policy === 'Never' ? 'Failed' : 'Running';
}

/** Then the pod has been initialized, whatever its sidecars do now. */
export function anyStarted(containers: readonly ContainerStatus[]): boolean {
  for (let i = 0; i < containers.length; i++) {
    const { state } = containers[i]!;
    if (state?.running || state?.terminated) return true;
  }
  return false;
}

const notBegun = { pending: false, failed: false, running: 0, sidecars: false };

function initProgress(spec: PodSpec, statuses: readonly ContainerStatus[]): typeof notBegun {
  let pending = false;
  let failed = false;
  let running = 0;
  let sidecars = false;
  const containers = spec.initContainers;
  if (!containers) return notBegun;
  for (const container of containers) {
    const status = statuses.find((s) => s.name === container.name);
    const state = status?.state;
    const ended = state?.terminated ?? (state?.waiting && status?.lastState?.terminated);
    if (isSidecar(container)) {
      sidecars = true;
      if (state?.running) running++;
      if (!(ended || status?.started)) pending = true;
    } else if (ended) failed ||= ended.exitCode !== 0;
    else pending = true;
  }
  return { pending, failed, running, sidecars };
}
