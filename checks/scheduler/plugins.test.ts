// One suite over all plugins of all profiles, and the cases that the recordings do not show.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createVersion, freeze, type KubeObject, type Node, type Pod } from '../../lib/api/index.ts';
import { createFramework, explain, type Plugin, type PluginFactory } from '../../lib/scheduler/index.ts';
import { createRandom } from '../../lib/sim/index.ts';
import { randomNode, randomTemplate, services } from './random-cluster.ts';

const codes = new Set(['Unschedulable', 'UnschedulableAndUnresolvable', 'Error', 'Skip']);
const metadata = (name: string, more: object = {}) => ({ name, uid: `uid-${name}`, resourceVersion: '1', creationTimestamp: '2026-01-01T00:00:00Z', ...more });

for (const release of ['v1.20', 'v1.33']) {
  const version = createVersion(release);
  const random = createRandom(release);
  const nodes = Array.from({ length: 20 }, (_, i) => freeze(randomNode(random, i)));
  const placed = Array.from({ length: 60 }, (_, i) => {
    const pod = randomTemplate(random)(i);
    return freeze({ ...pod, spec: { ...pod.spec, nodeName: random.pick(nodes).metadata.name } });
  });
  const { plugins, handle } = createFramework({ version, nodes, pods: placed, objects: services });
  const { snapshot } = handle;
  const pods = Array.from({ length: 30 }, (_, i) => snapshot.info(freeze(randomTemplate(random)(1000 + i))));

  for (const plugin of plugins) {
    test(`${plugin.name} of ${release} keeps the contract`, () => {
      for (const pod of pods) keepsContract(plugin, pod);
    });
  }

  function keepsContract(plugin: Plugin, pod: (typeof pods)[number]): void {
    const before = plugin.preFilter?.(pod);
    if (before && 'code' in before) {
      assert.ok(codes.has(before.code));
      assert.ok(before.code === 'Skip' || before.reasons.length > 0);
      if (before.code !== 'Skip') return;
    }
    for (const node of snapshot.nodes) {
      const status = plugin.filter?.(pod, node);
      if (!status) continue;
      assert.ok(codes.has(status.code) && status.code !== 'Skip', status.code);
      assert.ok(status.reasons.length > 0 && status.reasons.every((reason) => reason.length > 0), 'a refusal has reasons');
      assert.ok(!(before && 'code' in before), `${plugin.name} said it had nothing to say and refused ${node.name}`);
      assert.equal(plugin.filter!(pod, node), status, 'asked twice, the same answer');
    }
    if (plugin.score) scoresWell(plugin, pod);
  }

  function scoresWell(plugin: Plugin, pod: (typeof pods)[number]): void {
    const all = snapshot.nodes;
    plugin.preScore?.(pod, all);
    const raw = Float64Array.from(all, (node) => plugin.score!(pod, node));
    for (const score of raw) assert.ok(Number.isInteger(score), `${score} is a whole number`);
    const normalized = Float64Array.from(raw);
    plugin.normalize?.(normalized, all);
    for (const score of normalized) assert.ok(Number.isInteger(score) && score >= 0 && score <= 100, `${score} lies within 0..100`);
    if (!plugin.addScores) return;
    const totals = new Float64Array(all.length).fill(5);
    plugin.addScores(totals, 3, all);
    assert.equal([...totals], [...normalized].map((score) => 5 + 3 * score), 'all at once as one by one');
  }
}

interface Case {
  title: string;
  pod?: object;
  podMetadata?: object;
  nodes?: Node[];
  pods?: Pod[];
  objects?: object[];
  version?: string;
  plugins?: PluginFactory[];
  /** `node: plugin: reasons` of each refusal, or the nodes that fit. */
  refused?: string[];
  fits?: string[];
  message?: string;
  scores?: [plugin: string, scores: Record<string, number>];
}

const node = (name: string, { labels = {}, spec = {}, status = {}, annotations = {} }: { labels?: object; spec?: object; status?: object; annotations?: object } = {}): Node =>
  ({ apiVersion: 'v1', kind: 'Node', metadata: metadata(name, { labels: { 'kubernetes.io/hostname': name, ...labels }, annotations }), spec, status: { allocatable: { cpu: '4', memory: '8Gi', pods: '110' }, ...status } }) as Node;
const pod = (name: string, spec: object = {}, more: object = {}): Pod =>
  ({ apiVersion: 'v1', kind: 'Pod', metadata: metadata(name, { namespace: 'default', ...more }), spec: { containers: [{ name: 'c', image: 'nginx' }], ...spec }, status: { phase: 'Pending' } }) as Pod;
const object = (kind: string, name: string, fields: object, more: object = {}) => ({ kind, metadata: metadata(name, more), ...fields });
const claim = (name: string, spec: object, bound = false) =>
  object('PersistentVolumeClaim', name, { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec }, status: { phase: bound ? 'Bound' : 'Pending' } }, { namespace: 'default', ...(bound && { annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } }) });
const volume = (name: string, spec: object, phase = 'Available', labels: object = {}) =>
  object('PersistentVolume', name, { spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], ...spec }, status: { phase } }, { labels });
const storageClass = (name: string, fields: object) => object('StorageClass', name, fields);
const uses = (claimName: string) => ({ volumes: [{ name: 'v', persistentVolumeClaim: { claimName } }] });
const disk = (id: string) => ({ volumes: [{ name: 'v', awsElasticBlockStore: { volumeID: id } }] });
const waiting = { provisioner: 'example.com/disk', volumeBindingMode: 'WaitForFirstConsumer' };
const term = (app: string, more: object = {}) => ({ labelSelector: { matchLabels: { app } }, topologyKey: 'kubernetes.io/hostname', ...more });
const zone = (value: string) => ({ labels: { 'topology.kubernetes.io/zone': value } });
const spread = (more: object) => ({ topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: { matchLabels: { app: 'web' } }, ...more }] });
const web = { labels: { app: 'web' } };

const cases: Case[] = [
  { title: 'a cordoned node', nodes: [node('a', { spec: { unschedulable: true } }), node('b')], refused: ['a: NodeUnschedulable: node(s) were unschedulable'], fits: ['b'] },
  { title: 'a cordoned node is tolerated', nodes: [node('a', { spec: { unschedulable: true } })], pod: { tolerations: [{ key: 'node.kubernetes.io/unschedulable', operator: 'Exists' }] }, fits: ['a'] },
  { title: 'a node by name', nodes: [node('a'), node('b')], pod: { nodeName: 'b' }, refused: ["a: NodeName: node(s) didn't match the requested node name"], fits: ['b'] },
  { title: 'a node by name at v1.20', version: 'v1.20', nodes: [node('a')], pod: { nodeName: 'b' }, refused: ["a: NodeName: node(s) didn't match the requested hostname"] },
  {
    title: 'node affinity by name leaves out the others before the search',
    nodes: [node('a'), node('b', { spec: { unschedulable: true } })],
    pod: { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['b'] }] }] } } } },
    fits: [],
    message: "0/2 nodes are available: 1 node(s) didn't satisfy plugin(s) [NodeAffinity], 1 node(s) were unschedulable. preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.",
  },
  { title: 'Gt compares numbers', nodes: [node('a', { labels: { gen: '9' } }), node('b', { labels: { gen: '10' } })], pod: { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'gen', operator: 'Gt', values: ['9'] }] }] } } } }, fits: ['b'] },
  {
    title: 'host ports conflict by address and protocol',
    nodes: [node('a'), node('b'), node('c')],
    pods: [
      pod('all', { nodeName: 'a', containers: [{ name: 'c', image: 'x', ports: [{ containerPort: 1, hostPort: 80, protocol: 'TCP' }] }] }),
      pod('one', { nodeName: 'b', containers: [{ name: 'c', image: 'x', ports: [{ containerPort: 1, hostPort: 80, hostIP: '10.0.0.1', protocol: 'TCP' }] }] }),
      pod('udp', { nodeName: 'c', containers: [{ name: 'c', image: 'x', ports: [{ containerPort: 1, hostPort: 80, protocol: 'UDP' }] }] }),
    ],
    pod: { containers: [{ name: 'c', image: 'x', ports: [{ containerPort: 1, hostPort: 80, hostIP: '10.0.0.2', protocol: 'TCP' }] }] },
    refused: ["a: NodePorts: node(s) didn't have free ports for the requested pod ports"],
    fits: ['b', 'c'],
  },
  {
    title: 'a sidecar counts beside the containers, other init containers before them',
    nodes: [node('a', { status: { allocatable: { cpu: '2500m', memory: '8Gi', pods: '10' } } })],
    pod: {
      containers: [{ name: 'c', image: 'x', resources: { requests: { cpu: '1' } } }],
      initContainers: [
        { name: 's', image: 'x', restartPolicy: 'Always', resources: { requests: { cpu: '1' } } },
        { name: 'i', image: 'x', resources: { requests: { cpu: '1600m' } } },
      ],
    },
    refused: ['a: NodeResourcesFit: Insufficient cpu'],
  },
  { title: 'a disk that another pod of the node writes to', nodes: [node('a'), node('b')], pods: [pod('other', { nodeName: 'a', ...disk('vol-1') })], pod: disk('vol-1'), refused: ['a: VolumeRestrictions: node(s) had no available disk'], fits: ['b'] },
  {
    title: 'no more cloud disks than the node takes, at v1.20',
    version: 'v1.20',
    nodes: [node('a', { status: { allocatable: { cpu: '4', memory: '8Gi', pods: '10', 'attachable-volumes-aws-ebs': '1' } } }), node('b')],
    pods: [pod('other', { nodeName: 'a', ...disk('vol-1') })],
    pod: disk('vol-2'),
    refused: ['a: EBSLimits: node(s) exceed max volume count'],
    fits: ['b'],
  },
  {
    title: 'no more CSI volumes than the driver takes',
    nodes: [node('a'), node('b')],
    objects: [
      ...['x', 'y'].flatMap((n) => [claim(n, { volumeName: n }, true), volume(n, { csi: { driver: 'example.com', volumeHandle: n } }, 'Bound')]),
      object('CSINode', 'a', { spec: { drivers: [{ name: 'example.com', allocatable: { count: 1 } }] } }),
    ],
    pods: [pod('other', { nodeName: 'a', ...uses('x') })],
    pod: uses('y'),
    refused: ['a: NodeVolumeLimits: node(s) exceed max volume count'],
    fits: ['b'],
  },
  { title: 'a claim that does not exist', nodes: [node('a')], pod: uses('data'), message: '0/1 nodes are available: persistentvolumeclaim "data" not found. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.' },
  { title: 'an unbound claim that is to be bound at once', nodes: [node('a')], objects: [claim('data', { storageClassName: 'fast' }), storageClass('fast', { provisioner: 'x', volumeBindingMode: 'Immediate' })], pod: uses('data'), version: 'v1.20', message: '0/1 nodes are available: 1 pod has unbound immediate PersistentVolumeClaims.' },
  { title: 'a claim that waits for its pod is provisioned', nodes: [node('a')], objects: [claim('data', { storageClassName: 'fast' }), storageClass('fast', waiting)], pod: uses('data'), fits: ['a'] },
  {
    title: 'provisioned only where the class allows',
    nodes: [node('a', zone('z1')), node('b', zone('z2'))],
    objects: [claim('data', { storageClassName: 'fast' }), storageClass('fast', { ...waiting, allowedTopologies: [{ matchLabelExpressions: [{ key: 'topology.kubernetes.io/zone', values: ['z2'] }] }] })],
    pod: uses('data'),
    refused: ["a: VolumeBinding: node(s) didn't find available persistent volumes to bind"],
    fits: ['b'],
  },
  { title: 'a claim whose volume is gone', nodes: [node('a')], objects: [claim('data', { volumeName: 'pv' }, true)], pod: { ...uses('data') }, refused: ['a: VolumeBinding: node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)'] },
  {
    title: 'a volume of another zone',
    nodes: [node('a', zone('z1')), node('b', zone('z2')), node('c', zone('z3'))],
    objects: [claim('data', { volumeName: 'pv' }, true), volume('pv', {}, 'Bound', { 'topology.kubernetes.io/zone': 'z1__z2' })],
    pod: uses('data'),
    refused: ['c: VolumeZone: node(s) had no available volume zone'],
    fits: ['a', 'b'],
  },
  {
    title: 'namespaces are chosen by their labels',
    nodes: [node('a'), node('b')],
    objects: [object('Namespace', 'other', {}, { labels: { team: 'red' } })],
    pods: [pod('db', { nodeName: 'a' }, { namespace: 'other', labels: { app: 'db' } })],
    pod: { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term('db', { namespaceSelector: { matchLabels: { team: 'red' } } })] } } },
    refused: ["b: InterPodAffinity: node(s) didn't match pod affinity rules"],
    fits: ['a'],
  },
  {
    title: 'pods that keep others away',
    nodes: [node('a'), node('b')],
    pods: [pod('shy', { nodeName: 'a', affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term('web')] } } })],
    podMetadata: web,
    refused: ["a: InterPodAffinity: node(s) didn't satisfy existing pods anti-affinity rules"],
    fits: ['b'],
  },
  {
    title: 'fewer domains than minDomains count as an empty one',
    nodes: [node('a', zone('z1')), node('b', zone('z2'))],
    pods: ['a', 'b'].map((name) => pod(`web-${name}`, { nodeName: name }, web)),
    podMetadata: web,
    pod: spread({ minDomains: 3 }),
    refused: ["a: PodTopologySpread: node(s) didn't match pod topology spread constraints", "b: PodTopologySpread: node(s) didn't match pod topology spread constraints"],
  },
  {
    title: 'tainted nodes count as domains unless the constraint honors taints',
    nodes: [node('a', zone('z1')), node('b', { ...zone('z2'), spec: { taints: [{ key: 'x', effect: 'NoSchedule' }] } })],
    pods: [pod('web-a', { nodeName: 'a' }, web)],
    podMetadata: web,
    pod: spread({ nodeTaintsPolicy: 'Honor' }),
    refused: ['b: TaintToleration: node(s) had untolerated taint {x: }'],
    fits: ['a'],
  },
  {
    title: 'matchLabelKeys spreads each revision for itself',
    nodes: [node('a', zone('z1')), node('b', zone('z2'))],
    pods: [pod('old', { nodeName: 'a' }, { labels: { app: 'web', rev: '1' } })],
    podMetadata: { labels: { app: 'web', rev: '2' } },
    pod: spread({ matchLabelKeys: ['rev'] }),
    fits: ['a', 'b'],
  },
  { title: 'pods on their way out are not counted', nodes: [node('a', zone('z1')), node('b', zone('z2'))], pods: [pod('leaving', { nodeName: 'a' }, { ...web, deletionTimestamp: '2026-01-01T00:00:00Z' })], podMetadata: web, pod: spread({}), fits: ['a', 'b'] },
  {
    title: 'a node asks to be spared the pods of a controller, at v1.20',
    version: 'v1.20',
    nodes: [node('a', { annotations: { 'scheduler.alpha.kubernetes.io/preferAvoidPods': JSON.stringify({ preferAvoidPods: [{ podSignature: { podController: { kind: 'ReplicaSet', uid: 'rs' } } }] }) } }), node('b')],
    podMetadata: { ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'rs', controller: true }] },
    fits: ['a', 'b'],
    scores: ['NodePreferAvoidPods', { a: 0, b: 100 }],
  },
];

for (const { title, pod: spec, podMetadata, nodes = [], pods = [], objects = [], version = 'v1.33', refused, fits, message, scores } of cases) {
  test(title, () => {
    const said = explain(pod('subject', spec, podMetadata), { version: createVersion(version), nodes, pods, objects: objects as KubeObject[] });
    const refusals = said.nodes.flatMap(({ node: name, filters }) => filters.filter(({ code }) => code !== 'Success').map(({ plugin, reasons }) => `${name}: ${plugin}: ${reasons.join(', ')}`));
    if (refused) assert.equal(refusals, refused);
    if (fits) assert.equal(said.nodes.filter((row) => row.fits).map(({ node: name }) => name), fits);
    if (message) assert.is(said.message, message);
    if (scores) assert.equal(Object.fromEntries(said.nodes.map((row) => [row.node, row.scores[scores[0]]!.raw])), scores[1]);
  });
}

test('fewer nodes are scored the larger the cluster', async () => {
  const { nodesToFind } = await import('../../lib/scheduler/algorithm.ts');
  assert.equal([1, 99, 100, 200, 1000, 5000, 6000, 10_000].map((n) => nodesToFind(n)), [1, 99, 100, 100, 420, 500, 300, 500]);
  assert.equal([nodesToFind(1000, 100), nodesToFind(1000, 20), nodesToFind(300, 20)], [1000, 200, 100]);
});

test.run();
