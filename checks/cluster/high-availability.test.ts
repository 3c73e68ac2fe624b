import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Lease } from '../../lib/api/index.ts';
import { type Cluster, type ClusterOptions, createCluster } from '../../lib/cluster/index.ts';

const stacked = (options: ClusterOptions = {}) => createCluster({ controlPlanes: 3, ...options });
const holder = (cluster: Cluster, name = 'kube-controller-manager') => {
  // From etcd itself: the API may be waiting for a leader of etcd.
  const { spec } = cluster.etcd.get(`/registry/leases/kube-system/${name}`)!.value as Lease;
  return { machine: spec.holderIdentity!.split('_')[0]!, transitions: spec.leaseTransitions };
};
const works = (run: () => unknown): boolean => {
  try {
    run();
    return true;
  } catch {
    return false;
  }
};
let counter = 0;
/** What goes on: reads, writes, and a new pod that runs within a minute. */
function goesOn(cluster: Cluster) {
  const name = `probe-${counter++}`;
  const reads = works(() => cluster.client.list('Node'));
  const writes = works(() => cluster.client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' } } as never));
  works(() => cluster.client.create({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace: 'default' }, spec: { replicas: 1, selector: { matchLabels: { app: name } }, template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'web', image: 'nginx' }] } } } } as never));
  cluster.advance('1m');
  let pods = false;
  works(() => (pods = cluster.client.list('Pod').items.some(({ metadata, status }) => metadata.labels?.['app'] === name && status.phase === 'Running')));
  return { reads, writes, pods };
}
const all = { reads: true, writes: true, pods: true };
const nothing = { reads: false, writes: false, pods: false };

test('several control planes: nodes, leases, endpoints, members', () => {
  const cluster = stacked();
  assert.equal(cluster.client.list('Node').items.map(({ metadata }) => metadata.name), ['control-plane-1', 'control-plane-2', 'control-plane-3', 'worker-1', 'worker-2']);
  const endpoints = cluster.client.get('Endpoints', { namespace: 'default', name: 'kubernetes' });
  assert.equal((endpoints as { subsets?: { addresses?: { ip: string }[] }[] }).subsets![0]!.addresses!.map(({ ip }) => ip), ['10.0.0.10', '10.0.0.11', '10.0.0.12']);
  const lease = cluster.client.get('Lease', { namespace: 'kube-system', name: 'kube-scheduler' });
  assert.equal([lease.spec.leaseDurationSeconds, lease.spec.leaseTransitions], [15, 0]);
  assert.match(lease.spec.holderIdentity!, /^control-plane-\d_[\da-f-]{36}$/);
  assert.equal([...cluster.machines.keys()], ['control-plane-1', 'control-plane-2', 'control-plane-3', 'worker-1', 'worker-2', 'lb']);
  assert.equal([...createCluster({ controlPlanes: 2, etcdMembers: 3, nodes: 1 }).machines.keys()], ['control-plane-1', 'control-plane-2', 'worker-1', 'etcd-1', 'etcd-2', 'etcd-3', 'lb']);
});

test('what is written at one API server is read at the others, and the balancer goes round', () => {
  const cluster = stacked({ nodes: 1 });
  const before = cluster.apiServers().map(({ requests }) => requests);
  for (let i = 0; i < 9; i++) {
    cluster.client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `c${i}`, namespace: 'default' } } as never);
    assert.is(cluster.client.get('ConfigMap', { namespace: 'default', name: `c${i}` }).metadata.name, `c${i}`);
  }
  assert.equal(cluster.apiServers().map(({ requests }, i) => requests - before[i]!), [6, 6, 6]);
});

test('the leader dies: another one takes over when the lease has run out, not before', () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const cluster = stacked({ seed });
    cluster.advance('20s');
    const { machine, transitions } = holder(cluster);
    const diedAt = Date.parse(cluster.now);
    cluster.fault.powerOff(machine);
    let tookOver = Number.NaN;
    for (let second = 1; second <= 40 && Number.isNaN(tookOver); second++) {
      cluster.advance('1s');
      if (holder(cluster).machine !== machine) tookOver = (Date.parse(cluster.now) - diedAt) / 1000;
    }
    // The last renewal was at most 2 s old, and was seen at most 4.4 s later; then 15 s, and up to 4.4 s until somebody looks.
    assert.ok(tookOver >= 13 && tookOver <= 25, `seed ${seed}: ${tookOver} s`);
    assert.is(holder(cluster).transitions, (transitions ?? 0) + 1);
    assert.equal(goesOn(cluster), all);
  }
});

test('a leader that reaches no API server gives up after ten seconds', () => {
  const cluster = stacked();
  cluster.advance('20s');
  const { machine } = holder(cluster);
  cluster.fault.crash('kube-apiserver', machine);
  cluster.advance('40s');
  assert.is.not(holder(cluster).machine, machine);
  assert.equal(goesOn(cluster), all);
});

test('stacked etcd: two of three machines are enough, one is not', () => {
  const cluster = stacked();
  cluster.fault.powerOff('control-plane-1');
  cluster.advance('40s');
  assert.equal(goesOn(cluster), all);
  cluster.fault.powerOff('control-plane-2');
  cluster.advance('40s');
  assert.equal(goesOn(cluster), nothing);
  cluster.fault.powerOn('control-plane-2');
  cluster.advance('1m');
  assert.equal(goesOn(cluster), all);
});

test('external etcd: heads and members fail apart; one head and two members carry everything', () => {
  const cluster = createCluster({ controlPlanes: 3, etcdMembers: 3 });
  for (const name of ['control-plane-1', 'control-plane-2', 'etcd-1']) cluster.fault.powerOff(name);
  cluster.advance('40s');
  assert.equal(goesOn(cluster), all);
  cluster.fault.powerOff('etcd-3');
  cluster.advance('10s');
  assert.equal(goesOn(cluster), nothing);
});

test('what stands alone is what everything hangs on', () => {
  const lost = (options: ClusterOptions, name: string) => {
    const cluster = createCluster({ nodes: 2, ...options });
    cluster.fault.powerOff(name);
    cluster.advance('40s');
    return goesOn(cluster);
  };
  assert.equal(lost({}, 'control-plane'), nothing);
  assert.equal(lost({ controlPlanes: 3, etcdMembers: 1 }, 'control-plane-1'), all);
  assert.equal(lost({ controlPlanes: 3, etcdMembers: 1 }, 'etcd-1'), nothing);
  assert.equal(lost({ controlPlanes: 3, etcdMembers: 3 }, 'etcd-2'), all);
  assert.equal(lost({ controlPlanes: 3, etcdMembers: 3 }, 'lb'), nothing);
});

test('the four topologies of the notes, each machine switched off once: reads, writes, new pods, pods that run', async () => {
  const topologies: Record<string, ClusterOptions> = { '단일 노드': { nodes: 0 }, '단일 헤드': { nodes: 2 }, 'HA 헤드': { nodes: 2, controlPlanes: 3, etcdMembers: 1 }, 'HA etcd': { nodes: 2, controlPlanes: 3, etcdMembers: 3 } };
  const table: Record<string, string> = {};
  for (const [name, options] of Object.entries(topologies)) {
    const kinds = new Map([...createCluster(options).machines.keys()].map((machine) => [machine.replace(/-\d$/, ''), machine]));
    for (const [kind, machine] of kinds) {
      const cluster = createCluster(options);
      if (options.nodes === 0) await cluster.kubectl.text`taint nodes control-plane node-role.kubernetes.io/control-plane-`;
      goesOn(cluster);
      const running = () => [...cluster.machines.keys()].filter((one) => cluster.machines.get(one)!.powered && /worker|control/.test(one)).flatMap((one) => cluster.machine(one).sh.run('ps -eo args').stdout.split('\n').filter((line) => line.startsWith('nginx'))).length;
      const home = cluster.client.list('Pod').items.find(({ status }) => status.phase === 'Running')!.spec.nodeName;
      // A worker: the other one than where the pod runs, since what runs on the one that is off is off.
      cluster.fault.powerOff(kind === 'worker' ? (home === 'worker-1' ? 'worker-2' : 'worker-1') : machine);
      // Until its node counts as lost (50 s), a new pod may still be sent to a worker that is off.
      cluster.advance('2m');
      const { reads, writes, pods } = goesOn(cluster);
      table[`${name}, ${kind}`] = [reads, writes, pods, running() > 0].map((on) => (on ? 'o' : '-')).join('');
    }
  }
  assert.equal(table, {
    '단일 노드, control-plane': '----',
    '단일 헤드, control-plane': '---o',
    '단일 헤드, worker': 'oooo',
    'HA 헤드, control-plane': 'oooo',
    'HA 헤드, worker': 'oooo',
    'HA 헤드, etcd': '---o',
    'HA 헤드, lb': '---o',
    'HA etcd, control-plane': 'oooo',
    'HA etcd, worker': 'oooo',
    'HA etcd, etcd': 'oooo',
    'HA etcd, lb': '---o',
  });
});

test('the same seed gives the same elections', () => {
  const transcript = (seed: number) => {
    const cluster = stacked({ seed, nodes: 1 });
    cluster.advance('20s');
    cluster.fault.powerOff(holder(cluster).machine);
    cluster.advance('1m');
    return JSON.stringify([cluster.apiServers(), holder(cluster), holder(cluster, 'kube-scheduler'), cluster.requests().length]);
  };
  assert.is(transcript(7), transcript(7));
});

test('pods that run go on without a control plane', () => {
  const cluster = stacked();
  goesOn(cluster);
  const running = () => ['worker-1', 'worker-2'].flatMap((name) => cluster.machine(name).sh.run('ps -eo args').stdout.split('\n').filter((line) => line.startsWith('nginx'))).length;
  const before = running();
  assert.ok(before >= 1);
  cluster.fault.powerOff('lb');
  cluster.advance('10m');
  assert.is(running(), before);
  cluster.fault.powerOn('lb');
  cluster.advance('1m');
  assert.equal(goesOn(cluster), all);
});

test('the firewall between members: 2380 closed costs the member, 2379 closed its clients', () => {
  const cluster = createCluster({ controlPlanes: 3, etcdMembers: 3 });
  const leader = cluster.machine('etcd-1').sh.run(`${etcdctl} endpoint status --cluster`).stdout.split('\n').find((line) => line.split(', ')[4] === 'true')!;
  assert.match(leader, /^https:\/\/10\.0\.0\.\d+:2379, [\da-f]{16}, 3\.5\.\d+, /);
  for (const name of ['etcd-1', 'etcd-2']) cluster.fault.blockPort(name, 2380);
  cluster.advance('20s');
  assert.equal(goesOn(cluster), nothing);
  cluster.fault.openPort('etcd-1', 2380);
  cluster.advance('20s');
  assert.equal(goesOn(cluster), all);
});

const flags = '--cacert=/etc/kubernetes/pki/etcd/ca.crt --cert=/etc/kubernetes/pki/etcd/server.crt --key=/etc/kubernetes/pki/etcd/server.key';
const etcdctl = `etcdctl ${flags}`;

test('etcdctl with several members: who is ill, who leads, add and remove', () => {
  const cluster = createCluster({ controlPlanes: 3, etcdMembers: 3 });
  const sh = (line: string, name = 'etcd-1') => cluster.machine(name).sh.run(`${etcdctl} ${line}`);
  const members = sh('member list').stdout.trim().split('\n').map((line) => line.split(', '));
  assert.equal(members.map(([, ...rest]) => rest), [1, 2, 3].map((i) => ['started', `etcd-${i}`, `https://10.0.0.1${4 + i}:2380`, `https://10.0.0.1${4 + i}:2379`, 'false']));
  cluster.fault.powerOff('etcd-3');
  cluster.advance('10s');
  const health = sh('endpoint health --cluster');
  assert.equal([health.code, health.stdout.match(/is healthy/g)?.length, /10\.0\.0\.17:2379 is unhealthy/.test(health.stderr)], [1, 2, true]);
  assert.match(sh(`member remove ${members[2]![0]}`).stdout, /^Member [\da-f]{16} removed from cluster [\da-f]+\n$/);
  const added = sh('member add etcd-3 --peer-urls=https://10.0.0.17:2380').stdout;
  assert.match(added, 'ETCD_INITIAL_CLUSTER_STATE="existing"');
  assert.match(sh('member list').stdout, /, unstarted, , https:\/\/10\.0\.0\.17:2380, , false/);
  cluster.fault.powerOn('etcd-3');
  cluster.advance('1s');
  assert.is(sh('endpoint health --cluster').code, 0);
  // Cut off from the others it answers nobody, unless an old answer will do.
  for (const other of ['etcd-1', 'etcd-2']) cluster.fault.cut('etcd-3', other);
  cluster.advance('5s');
  assert.equal([sh('put a b', 'etcd-3').stderr, sh('get / --prefix --keys-only --limit=1 --consistency=s', 'etcd-3').code, sh('put a b').code], ['Error: context deadline exceeded\n', 0, 0]);
});

test('options that cannot be are refused in Korean', () => {
  assert.throws(() => createCluster({ controlPlanes: 0 }), /controlPlanes는/);
  assert.throws(() => createCluster({ etcdMembers: 0 }), /etcdMembers는/);
});

test.run();
