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
  'a kubelet kept room for pods that had ended': {
    seed: 0,
    version: 'v1.33',
    setting: { cpus: 1, quota: undefined, limitRange: true },
    workloads: [{ kind: 'CronJob', policy: 'Allow', seconds: 1, completions: 6, parallelism: 3, indexed: false, fails: false }],
    budgets: [],
    steps: [
      { wait: 330_000, what: { op: 'apply', on: 0 } },
      { wait: 330_000, what: { op: 'apply', on: 0 } },
    ],
  },
  'a cron job that may not overlap did not know the job that its controller had made before it died': {
    seed: 0,
    version: 'v1.33',
    workloads: [{ kind: 'CronJob', policy: 'Forbid', seconds: 40, completions: 6, parallelism: 2, indexed: false, fails: false }],
    budgets: [],
    steps: [
      { wait: 0, what: { op: 'crash', component: 'kube-controller-manager', writes: 0, answered: true, down: 1000 } },
      { wait: 60_000, what: { op: 'apply', on: 0 } },
      { wait: 60_000, what: { op: 'apply', on: 0 } },
    ],
  },
  'a claim that was seen before its class never got a volume': {
    seed: 106936,
    version: 'v1.33',
    setting: { cpus: 4, quota: 5, limitRange: true },
    workloads: [
      { kind: 'Job', seconds: 40, completions: 4, parallelism: 2, indexed: true, fails: false },
      { kind: 'StatefulSet', replicas: 1, grace: 0, shape: { cpu: '1500m', priority: undefined, spread: false, tolerates: false, claims: 'now', shrinks: false }, parallel: false, partition: 0 },
      { kind: 'Deployment', replicas: 2, grace: 0, rolling: { maxSurge: 2, maxUnavailable: 1 }, minReady: 0, history: 0 },
    ],
    budgets: [{ of: 7, field: 'maxUnavailable', amount: '50%' }],
    steps: [{ wait: 0, what: { op: 'drain', node: 0 } }],
  },
  'a stateful set did not take back a pod that had failed while it was a stranger': {
    seed: 0,
    version: 'v1.33',
    setting: { cpus: 2, quota: undefined, limitRange: false },
    workloads: [{ kind: 'StatefulSet', replicas: 4, parallel: false, partition: 0, grace: 0 }],
    budgets: [],
    steps: [
      { wait: 60_000, what: { op: 'relabel', pod: 0 } },
      { wait: 0, what: { op: 'fill', what: 'memory', node: 1, lasts: 5000 } },
      { wait: 0, what: { op: 'relabel', pod: 10 } },
      { wait: 1000, what: { op: 'relabel', pod: 10 } },
    ],
  },
  'a kubelet that started before the server answered did not say that a container had': {
    seed: 0,
    version: 'v1.33',
    workloads: [{ kind: 'DaemonSet', maxUnavailable: 1, surge: false, minReady: 0, grace: 0 }],
    budgets: [],
    steps: [
      { wait: 0, what: { op: 'crash', component: 'kubelet/worker-1', writes: 3, answered: false, down: 20_000 } },
      { wait: 0, what: { op: 'relabel', pod: 2 } },
      { wait: 200, what: { op: 'image', on: 0, next: 0 } },
      { wait: 200, what: { op: 'clock-jump', by: 3000 } },
      { wait: 1000, what: { op: 'outage', of: 'kube-apiserver', down: 20_000 } },
    ],
  },
};
