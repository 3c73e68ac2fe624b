// What a pod looks like from outside, in one word.
import { isPodReady, type Pod } from '../api/index.ts';

export type PodState = 'ready' | 'running' | 'creating' | 'pending' | 'error' | 'terminating' | 'completed';

interface Look {
  /** A character for text. */
  mark: string;
  color: string;
  label: string;
}

/** How each state is drawn and what the legend calls it. */
export const looks: Record<PodState, Look> = {
  ready: { mark: '●', color: '#2f9e62', label: '준비됨' },
  running: { mark: '◐', color: '#b7791f', label: '실행 중(준비 안 됨)' },
  creating: { mark: '◔', color: '#4b8fd6', label: '만드는 중' },
  pending: { mark: '○', color: '#7b8794', label: '노드를 기다림' },
  error: { mark: '✕', color: '#c53030', label: '오류' },
  terminating: { mark: '◌', color: '#9b7bd0', label: '종료 중' },
  completed: { mark: '✓', color: '#5f6f82', label: '완료' },
};

const starting = new Set(['ContainerCreating', 'PodInitializing']);

/** The state, and the word that `kubectl get pods` would show under STATUS. */
export function podState(pod: Pod): { state: PodState; reason: string } {
  const { metadata, spec, status } = pod;
  if (metadata.deletionTimestamp) return { state: 'terminating', reason: 'Terminating' };
  if (status.phase === 'Succeeded') return { state: 'completed', reason: 'Completed' };
  if (status.phase === 'Failed') return { state: 'error', reason: status.reason || containerReason(pod) || 'Error' };
  if (!spec.nodeName) return { state: 'pending', reason: 'Pending' };
  const reason = containerReason(pod);
  if (reason && !starting.has(reason)) return { state: 'error', reason };
  if (isPodReady(pod)) return { state: 'ready', reason: 'Running' };
  return status.phase === 'Running' ? { state: 'running', reason: 'Running' } : { state: 'creating', reason: reason || 'ContainerCreating' };
}

function containerReason({ status }: Pod): string {
  for (const { state } of [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])]) {
    if (state?.waiting?.reason) return state.waiting.reason;
    if (state?.terminated && state.terminated.exitCode !== 0) return state.terminated.reason ?? 'Error';
  }
  return '';
}
