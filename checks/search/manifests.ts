// The manifests that the workloads of a history stand for.
import type { Manifest } from '../../lib/api/index.ts';
import type { Budget, Of, Workload } from './history.ts';

export const nameOf = (i: number) => `w${i}`;
const labels = (i: number) => ({ app: nameOf(i) });

const server = (i: number, image: string, grace: number, cpu = '500m') => ({
  metadata: { labels: labels(i) },
  spec: { terminationGracePeriodSeconds: grace, containers: [{ name: 'main', image, resources: { requests: { cpu } } }] },
});

function jobSpec({ seconds, completions, parallelism, indexed, fails }: Of<'Job'> | Of<'CronJob'>, i: number) {
  const command = ['sh', '-c', `sleep ${seconds}; exit ${fails ? 1 : 0}`];
  const template = { metadata: { labels: labels(i) }, spec: { restartPolicy: 'Never', terminationGracePeriodSeconds: 1, containers: [{ name: 'main', image: 'busybox', command }] } };
  return { completions, parallelism, backoffLimit: 2, ...(indexed && { completionMode: 'Indexed' }), template };
}

function specOf(workload: Workload, i: number): unknown {
  const selector = { matchLabels: labels(i) };
  const image = 'nginx:1.25';
  switch (workload.kind) {
    case 'Deployment': {
      const strategy = workload.rolling ? { type: 'RollingUpdate', rollingUpdate: workload.rolling } : { type: 'Recreate' };
      return { replicas: workload.replicas, selector, strategy, minReadySeconds: workload.minReady, revisionHistoryLimit: workload.history, template: server(i, image, workload.grace) };
    }
    case 'ReplicaSet':
      return { replicas: workload.replicas, selector, minReadySeconds: workload.minReady, template: server(i, image, workload.grace) };
    case 'ReplicationController':
      return { replicas: workload.replicas, selector: labels(i), minReadySeconds: workload.minReady, template: server(i, image, workload.grace) };
    case 'StatefulSet': {
      const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { partition: workload.partition } };
      return { replicas: workload.replicas, selector, serviceName: nameOf(i), podManagementPolicy: workload.parallel ? 'Parallel' : 'OrderedReady', updateStrategy, template: server(i, image, workload.grace) };
    }
    case 'DaemonSet': {
      const rollingUpdate = workload.surge ? { maxSurge: 1, maxUnavailable: 0 } : { maxUnavailable: workload.maxUnavailable };
      return { selector, minReadySeconds: workload.minReady, updateStrategy: { type: 'RollingUpdate', rollingUpdate }, template: server(i, image, workload.grace, '10m') };
    }
    case 'Job':
      return jobSpec(workload, i);
    case 'CronJob':
      return { schedule: '* * * * *', concurrencyPolicy: workload.policy, jobTemplate: { spec: jobSpec(workload, i) } };
  }
}

export function manifestOf(workload: Workload, i: number): Manifest {
  return { kind: workload.kind, metadata: { name: nameOf(i), namespace: 'default', labels: labels(i) }, spec: specOf(workload, i) } as Manifest;
}

/** A pod that somebody made by hand and labelled like those of a workload. */
export function strayPod(i: number, n: number): Manifest {
  const { spec } = server(i, 'nginx:1.25', 1);
  return { kind: 'Pod', metadata: { name: `stray-${n}`, namespace: 'default', labels: labels(i) }, spec } as Manifest;
}

export function budgetOf({ of, field, amount }: Budget, workloads: number): Manifest {
  const i = of % workloads;
  return { kind: 'PodDisruptionBudget', metadata: { name: nameOf(i), namespace: 'default' }, spec: { selector: { matchLabels: labels(i) }, [field]: amount } } as Manifest;
}
