// node --import tsx checks/scheduler/bench.ts [PODS NODES]: CPU time to place identical pods, in a cold process.
import { createRandom } from '../../lib/sim/index.ts';
import { createVersion, type KubeObject, type Node, type Pod } from '../../lib/api/index.ts';
import { Algorithm } from '../../lib/scheduler/algorithm.ts';
import { createFramework } from '../../lib/scheduler/index.ts';

const [pods = 10_000, nodes = 1000] = process.argv.slice(2).filter((word) => /^\d+$/.test(word)).map(Number);
const version = createVersion(process.argv.find((word) => word.startsWith('v1.')) ?? 'v1.33');
const remember = !process.argv.includes('--plain');

const metadata = (name: string) => ({ name, uid: `uid-${name}`, resourceVersion: '1', creationTimestamp: '2026-01-01T00:00:00Z' });
const node = (i: number): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { ...metadata(`node-${i}`), labels: { 'kubernetes.io/hostname': `node-${i}`, 'topology.kubernetes.io/zone': `zone-${i % 3}` } },
  spec: {},
  status: { allocatable: { cpu: '8', memory: '32Gi', pods: '110' } },
});
const labels = { app: 'web', 'pod-template-hash': 'abc' };
const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'rs', controller: true };
const replicaSet = { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { ...metadata('web'), uid: 'rs', namespace: 'default' }, spec: { selector: { matchLabels: labels } } } as KubeObject;
const pod = (i: number): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { ...metadata(`web-${i}`), namespace: 'default', labels: { ...labels }, ownerReferences: [owner] },
  spec: {
    schedulerName: 'default-scheduler',
    containers: [{ name: 'c', image: 'nginx:1.25', resources: { requests: { cpu: '100m', memory: '64Mi' } } }],
    tolerations: [{ key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }],
  },
  status: { phase: 'Pending' },
});

const state = { version, nodes: Array.from({ length: nodes }, (_, i) => node(i)), objects: [replicaSet] };
const pending = Array.from({ length: pods }, (_, i) => pod(i));
const started = performance.now();
const before = process.cpuUsage();
const framework = createFramework(state, { remember });
const { snapshot } = framework.handle;
const algorithm = new Algorithm(createRandom(1));
let placed = 0;
for (const next of pending) {
  const info = snapshot.info(next);
  const found = algorithm.schedule(framework, info);
  if ('message' in found) continue;
  snapshot.place(info, found.name);
  placed++;
}
const { user, system } = process.cpuUsage(before);
console.log(`${placed} of ${pods} pods on ${nodes} nodes, ${version.gitVersion}: ${((user + system) / 1000).toFixed(0)} ms CPU, ${(performance.now() - started).toFixed(0)} ms${remember ? '' : ' (plain)'}`);
