// What is measured, with the most that each may take on a machine with two cores.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { networkCases } from './network.ts';
import { serveCases } from './serve.ts';
import { workloadCases } from './workloads.ts';

/** What ships, as a cell loads it. */
const { createCluster } = createRequire(import.meta.url)(process.env.KUBOOK!) as typeof import('../../lib/index.ts');

export interface Case {
  unit: 'ms' | 'MB' | 'x';
  limit: number;
  run(): number | Promise<number>;
}

const seconds = 1000;
/** Pulls are spread over two seconds of virtual time. */
const pullDuration = (_image: string, _node: string, random: { int(bound: number): number }) => random.int(2 * seconds);

function deployment(replicas: number): string {
  return JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      replicas,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'nginx', image: 'nginx:1.25', imagePullPolicy: 'Always', resources: { requests: { cpu: '1m', memory: '1Mi' } } }] } },
    },
  });
}

/**
 * Milliseconds from apply until all pods are Ready. Fails unless each pod has its six events (SuccessfulCreate, Scheduled,
 * Pulling, Pulled, Created, Started): every pod pulls, and the recorders' limits, which would combine the replica set's
 * thousand events into ten, are off.
 */
async function rollOut(replicas: number, nodes: number, pods = 110): Promise<number> {
  const cluster = createCluster({ nodes: Array.from({ length: nodes }, (_, i) => ({ name: `node-${i + 1}`, cpus: 64, memory: '256Gi', pods })), pullDuration, eventLimits: false });
  cluster.file('web.yaml', deployment(replicas));
  const begin = performance.now();
  await cluster.kubectl.text`apply -f web.yaml`;
  let waited = 0;
  while (cluster.client.get('Deployment', { namespace: 'default', name: 'web' }).status.readyReplicas !== replicas) {
    cluster.advance('1s');
    if (++waited > 120) throw new Error('the pods did not become ready');
  }
  const took = performance.now() - begin;
  const events = new Map<string, number>();
  for (const { involvedObject, message = '' } of cluster.client.list('Event', { namespace: 'default' }).items) {
    const pod = involvedObject.kind === 'Pod' ? involvedObject.name! : /^Created pod: (.+)$/.exec(message)?.[1];
    if (pod) events.set(pod, (events.get(pod) ?? 0) + 1);
  }
  const ready = cluster.client.list('Pod', { namespace: 'default' }).items.filter((pod) => pod.status.conditions?.some((c) => c.type === 'Ready' && c.status === 'True'));
  if (ready.length !== replicas) throw new Error(`${ready.length} pods are ready, not ${replicas}`);
  for (const { metadata } of ready) if (events.get(metadata.name) !== 6) throw new Error(`${metadata.name} has ${events.get(metadata.name)} events, not 6`);
  return took;
}

/** Parts of a ratio, not shown themselves. */
export const parts: Record<string, () => Promise<number>> = {
  '1000-pods-100-nodes': () => rollOut(1000, 100, 200),
  '10000-pods-100-nodes': () => rollOut(10_000, 100, 200),
};

function inFreshProcess(part: string): number {
  return Number(execFileSync(process.execPath, [...process.execArgv, process.argv[1]!, part], { encoding: 'utf8' }).trim().split('\n').at(-1));
}

export const cases: Record<string, Case> = {
  'createCluster-3-nodes': {
    unit: 'ms',
    limit: 20,
    run() {
      const begin = performance.now();
      createCluster({ nodes: 3 });
      return performance.now() - begin;
    },
  },
  'deployment-1000-pods-100-nodes': { unit: 'ms', limit: 300, run: () => rollOut(1000, 100) },
  'deployment-1000-pods-rss': {
    unit: 'MB',
    limit: 250,
    async run() {
      await rollOut(1000, 100);
      return process.resourceUsage().maxRSS / 1024;
    },
  },
  'growth-10x-pods': { unit: 'x', limit: 12, run: () => inFreshProcess('10000-pods-100-nodes') / inFreshProcess('1000-pods-100-nodes') },
  'deployment-10000-pods-1000-nodes': { unit: 'ms', limit: 5000, run: () => rollOut(10_000, 1000) },
  'kubectl-get-1000-pods': {
    unit: 'ms',
    limit: 30,
    async run() {
      const cluster = createCluster({ nodes: 100, pullDuration });
      await cluster.kubectl.text`create deployment web --image=nginx:1.25 --replicas=1000`;
      cluster.advance('30s');
      const begin = performance.now();
      const text = await cluster.kubectl.text`get pods`;
      const took = performance.now() - begin;
      if (text.trim().split('\n').length !== 1001) throw new Error('not all pods are listed');
      return took;
    },
  },
  'verify-all-lessons': {
    unit: 'ms',
    limit: 5000,
    run() {
      const begin = performance.now();
      execFileSync(process.execPath, ['dist/kubook.js', 'verify'], { stdio: 'ignore' });
      return performance.now() - begin;
    },
  },
  ...workloadCases,
  ...networkCases,
  ...serveCases,
};
