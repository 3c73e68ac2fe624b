// Controllers at work on many pods: each case asserts where it ends.
import { createRequire } from 'node:module';
import type { Pod } from '../../lib/index.ts';
import type { Case } from './cases.ts';

const { createCluster } = createRequire(import.meta.url)(process.env.KUBOOK!) as typeof import('../../lib/index.ts');
type Cluster = ReturnType<typeof createCluster>;

/** Pulls are spread over two seconds of virtual time. */
const pullDuration = (_image: string, _node: string, random: { int(bound: number): number }) => random.int(2000);
const key = { namespace: 'default', name: 'web' };
const cluster = (nodes: number) => createCluster({ nodes: Array.from({ length: nodes }, (_, i) => ({ name: `node-${i + 1}`, cpus: 64, memory: '256Gi', pods: 250 })), pullDuration, eventLimits: false });

function manifest(kind: string, spec: object, image = 'nginx:1.25'): string {
  const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'nginx', image, resources: { requests: { cpu: '1m', memory: '1Mi' } } }] } };
  return JSON.stringify({ apiVersion: 'apps/v1', kind, metadata: { name: 'web' }, spec: { selector: { matchLabels: { app: 'web' } }, template, ...spec } });
}

/** Milliseconds from the command until the status says so. */
async function timed({ kubectl, file, advance, client }: Cluster, text: string, { kind, done, most }: { kind: string; done(status: any): boolean; most: number }): Promise<number> {
  file('web.yaml', text);
  const begin = performance.now();
  await kubectl.text`apply -f web.yaml`;
  for (let waited = 0; !done(client.get(kind, key).status); waited += 5) {
    if (waited > most) throw new Error(`not done after ${most} s: ${JSON.stringify(client.get(kind, key).status)}`);
    advance('5s');
  }
  return performance.now() - begin;
}

/** As many pods as wanted, all ready, of this image; none is left of others. */
function check({ client }: Cluster, count: number, image: string): void {
  const pods = client.list('Pod', { namespace: 'default' }).items as Pod[];
  const ready = pods.filter(({ spec, status }) => spec.containers[0]!.image === image && status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'));
  if (pods.length !== count || ready.length !== count) throw new Error(`${ready.length} of ${pods.length} pods are ready with ${image}, not ${count}`);
}

async function fromNothing(): Promise<number> {
  const begin = performance.now();
  const made = cluster(1000);
  await timed(made, manifest('Deployment', { replicas: 30_000 }), { kind: 'Deployment', done: ({ readyReplicas }) => readyReplicas === 30_000, most: 300 });
  const took = performance.now() - begin;
  check(made, 30_000, 'nginx:1.25');
  return took;
}

async function daemons(): Promise<number> {
  const made = cluster(1000);
  const took = await timed(made, manifest('DaemonSet', {}), { kind: 'DaemonSet', done: ({ numberReady }) => numberReady === 1000, most: 60 });
  check(made, 1000, 'nginx:1.25');
  const nodes = new Set((made.client.list('Pod', { namespace: 'default' }).items as Pod[]).map(({ spec }) => spec.nodeName));
  if (nodes.size !== 1000) throw new Error(`the daemons are on ${nodes.size} nodes`);
  return took;
}

/** A StatefulSet is rolled one pod after the other, whatever its podManagementPolicy; that lets its first pods start together. */
async function rollingSet(): Promise<number> {
  const made = cluster(10);
  const spec = { replicas: 1000, serviceName: 'web', podManagementPolicy: 'Parallel' };
  await timed(made, manifest('StatefulSet', spec), { kind: 'StatefulSet', done: ({ readyReplicas }) => readyReplicas === 1000, most: 60 });
  const took = await timed(made, manifest('StatefulSet', spec, 'nginx:1.27'), {
    kind: 'StatefulSet',
    done: ({ updatedReplicas, readyReplicas, currentRevision, updateRevision }) => updatedReplicas === 1000 && readyReplicas === 1000 && currentRevision === updateRevision,
    most: 20_000,
  });
  check(made, 1000, 'nginx:1.27');
  return took;
}

async function rollingDeployment(): Promise<number> {
  const made = cluster(100);
  const spec = { replicas: 1000 };
  await timed(made, manifest('Deployment', spec), { kind: 'Deployment', done: ({ readyReplicas }) => readyReplicas === 1000, most: 60 });
  const took = await timed(made, manifest('Deployment', spec, 'nginx:1.27'), {
    kind: 'Deployment',
    done: ({ replicas, updatedReplicas, readyReplicas }) => replicas === 1000 && updatedReplicas === 1000 && readyReplicas === 1000,
    most: 600,
  });
  made.advance('5s');
  check(made, 1000, 'nginx:1.27');
  return took;
}

export const workloadCases: Record<string, Case> = {
  '1000-nodes-30-pods-from-nothing': { unit: 'ms', limit: 12_000, run: fromNothing },
  'daemon-set-1000-nodes': { unit: 'ms', limit: 1000, run: daemons },
  'stateful-set-1000-rolling': { unit: 'ms', limit: 2000, run: rollingSet },
  'rolling-update-1000-pods': { unit: 'ms', limit: 1000, run: rollingDeployment },
};
