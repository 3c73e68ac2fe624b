// Histories that once found a bug, as the search made them small; they are played first.
import type { History } from './history.ts';

export const kept: Record<string, History> = {
  'a kubelet missed a deletion that its own report of the pod had told it of': {
    seed: 0,
    version: 'v1.33',
    workloads: [
      { kind: 'DaemonSet', maxUnavailable: 1, surge: false, minReady: 0, grace: 0 },
      { kind: 'Deployment', replicas: 2, rolling: undefined, minReady: 0, grace: 0, history: 0 },
    ],
    budgets: [],
    steps: [
      { wait: 0, what: { op: 'lose-watches', lasts: 5000 } },
      { wait: 1000, what: { op: 'stray', on: 0 } },
      { wait: 60_000, what: { op: 'relabel', pod: 0 } },
    ],
  },
};
