// A cluster whose machines are rented: what the cloud-controller-manager does, and what is missing without it.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createCluster } from '../../lib/index.ts';
import type { LoadBalancer } from '../../lib/controllers/index.ts';

const options = { nodes: 3, cloud: true } as const;
const uninitialized = 'node.cloudprovider.kubernetes.io/uninitialized';
const taints = (c: Cluster, name: string) => (c.client.get('Node', { name }).spec.taints ?? []).map(({ key }) => key);
const service = (c: Cluster) => c.client.get('Service', { namespace: 'default', name: 'web' });
const reasons = (c: Cluster, name: string) => c.client.list('Event', { namespace: 'default' }).items.filter(({ involvedObject }) => involvedObject.name === name).map(({ reason }) => reason);
const ask = (c: Cluster, from = 'laptop') => c.trace({ from, to: '203.0.113.10' });
type Cluster = ReturnType<typeof createCluster>;

async function exposed(given: Parameters<typeof createCluster>[0] = {}, replicas = 1): Promise<Cluster> {
  const c = createCluster({ ...options, ...given });
  await c.kubectl.text`create deployment web --image=nginx --replicas=${replicas}`;
  await c.kubectl.text`expose deployment web --port=80 --type=LoadBalancer`;
  c.advance('10s');
  return c;
}

const patch = (c: Cluster, spec: object) => {
  c.client.patch('Service', { namespace: 'default', name: 'web' }, { spec }, { type: 'merge' });
  c.advance('5s');
};

test('a node waits until the cloud-controller-manager has filled it in', async () => {
  const c = createCluster({ nodes: 1, cloud: { controllerManager: false } });
  assert.ok(taints(c, 'worker-1').includes(uninitialized));
  assert.is(c.client.get('Node', { name: 'worker-1' }).status.addresses, undefined);
  await c.kubectl.text`run a --image=nginx`;
  c.advance('1m');
  assert.is(c.client.get('Pod', { namespace: 'default', name: 'a' }).status.phase, 'Pending');
  c.fault.start('cloud-controller-manager');
  c.advance('10s');
  assert.is(c.client.get('Pod', { namespace: 'default', name: 'a' }).status.phase, 'Running');
  const { metadata, spec, status } = c.client.get('Node', { name: 'worker-1' });
  assert.is(spec.providerID, `kubook:///kr-b/${c.cloud.instances()[1]!.id}`);
  assert.equal(status.addresses!.map(({ type }) => type), ['InternalIP', 'ExternalIP', 'Hostname']);
  for (const key of ['topology.kubernetes.io/zone', 'failure-domain.beta.kubernetes.io/zone']) assert.is(metadata.labels![key], 'kr-b');
  for (const key of ['node.kubernetes.io/instance-type', 'beta.kubernetes.io/instance-type']) assert.is(metadata.labels![key], 'c4m8');
  assert.not.ok(spec.taints?.some(({ key }) => key === uninitialized));
});

test('at v1.20 a kubelet writes its address itself until the cloud knows better', () => {
  const c = createCluster({ nodes: 1, cloud: { controllerManager: false }, version: 'v1.20' });
  assert.equal(c.client.get('Node', { name: 'worker-1' }).status.addresses, [{ type: 'InternalIP', address: '10.0.0.11' }, { type: 'Hostname', address: 'worker-1' }]);
});

test('a Service gets a balancer, and gives it back', async () => {
  const c = await exposed();
  assert.equal(service(c).status!.loadBalancer, { ingress: [{ ip: '203.0.113.10', ipMode: 'VIP' }] });
  assert.equal(service(c).metadata.finalizers, ['service.kubernetes.io/load-balancer-cleanup']);
  assert.equal(c.cloud.balancers().map(({ machines }) => machines), [['worker-1', 'worker-2', 'worker-3']]);
  await c.kubectl.text`delete service web`;
  c.advance('5s');
  assert.equal(c.client.list('Service', { namespace: 'default' }).items.map(({ metadata }) => metadata.name), ['kubernetes']);
  assert.equal(c.cloud.balancers(), []);
  assert.equal(reasons(c, 'web').slice(-4), ['EnsuringLoadBalancer', 'EnsuredLoadBalancer', 'DeletingLoadBalancer', 'DeletedLoadBalancer']);
});

test('another type gives it back too', async () => {
  const c = await exposed();
  patch(c, { type: 'NodePort' });
  assert.equal(service(c).status!.loadBalancer, {});
  assert.is(service(c).metadata.finalizers, undefined);
  assert.equal(c.cloud.balancers(), []);
});

test('without a cloud it waits for ever', async () => {
  const c = createCluster({ nodes: 1 });
  await c.kubectl.text`create service loadbalancer web --tcp=80`;
  c.advance('1h');
  assert.match(await c.kubectl.text`get service web`, /<pending>/);
  assert.throws(() => c.cloud, /cloud: true/);
});

test('a request from outside comes in by a node port, as the node', async () => {
  const c = await exposed();
  const trace = ask(c);
  assert.is(trace.error, undefined);
  // By an address of the node: its own, or that of its end of the pods' tunnel.
  assert.match(trace.hops.at(-1)!.after.from, /^10\.(0\.0\.1[123]|244\.\d\.[01]):/);
  assert.match(c.machine('laptop').sh.text`curl -s http://203.0.113.10`, /Welcome to nginx/);
  assert.match(c.machine('laptop').sh.text`curl -s http://198.51.100.11:${service(c).spec.ports![0]!.nodePort}`, /Welcome to nginx/);
  for (const inside of ['10.0.0.11', service(c).spec.clusterIP!]) assert.is(c.trace({ from: 'laptop', to: `${inside}:80` }).error, 'timeout');
});

test('externalTrafficPolicy Local: only where the pods are, and they see who asks', async () => {
  const c = await exposed();
  patch(c, { externalTrafficPolicy: 'Local' });
  const node = c.client.list('Pod', { namespace: 'default' }).items[0]!.spec.nodeName!;
  for (let i = 0; i < 20; i++) {
    const { hops, arrived } = ask(c);
    assert.is(arrived?.machine, node);
    assert.match(hops.at(-1)!.after.from, /^192\.0\.2\.10:/);
  }
  const health = (name: string) => JSON.parse(c.machine(name).sh.text`curl -s http://localhost:${service(c).spec.healthCheckNodePort}/healthz`).localEndpoints;
  for (const name of ['worker-1', 'worker-2', 'worker-3']) assert.is(health(name), name === node ? 1 : 0);
  await c.kubectl.text`scale deployment web --replicas=0`;
  c.advance('1m');
  assert.is(ask(c).error, 'timeout');
});

test('loadBalancerSourceRanges keep others out', async () => {
  const c = await exposed();
  patch(c, { loadBalancerSourceRanges: ['10.0.0.0/8'] });
  assert.is(ask(c).error, 'timeout');
  patch(c, { loadBalancerSourceRanges: ['192.0.2.0/24'] });
  assert.is(ask(c).error, undefined);
});

test('a node whose kube-proxy has stopped gets nothing', async () => {
  const c = await exposed();
  for (const name of ['worker-1', 'worker-2']) c.fault.crash('kube-proxy', name);
  for (let i = 0; i < 10; i++) assert.is(ask(c).hops.find(({ machine }) => machine.startsWith('worker'))?.machine, 'worker-3');
});

test('a node that is not ready leaves the balancer before v1.27, and stays in it since', async () => {
  for (const [version, machines] of [['v1.26', ['worker-1', 'worker-3']], ['v1.27', ['worker-1', 'worker-2', 'worker-3']]] as const) {
    const c = await exposed({ version }, 3);
    c.fault.powerOff('worker-2');
    c.advance('2m');
    assert.equal(c.cloud.balancers()[0]!.machines, machines, version);
    for (let i = 0; i < 5; i++) assert.is(ask(c).error, undefined);
  }
});

test('a machine that is gone takes its node along, one that is off does not', () => {
  const c = createCluster(options);
  c.cloud.terminate('worker-1');
  c.fault.powerOff('worker-2');
  c.advance('90s');
  assert.equal(c.client.list('Node').items.map(({ metadata }) => metadata.name), ['control-plane', 'worker-2', 'worker-3']);
  assert.ok(taints(c, 'worker-2').includes('node.cloudprovider.kubernetes.io/shutdown'));
  assert.ok(reasons(c, 'worker-1').includes('DeletingNode'));
  c.fault.powerOn('worker-2');
  c.advance('30s');
  assert.not.ok(taints(c, 'worker-2').includes('node.cloudprovider.kubernetes.io/shutdown'));
});

test('without the cloud-controller-manager a lost node stays', () => {
  const c = createCluster(options);
  c.fault.crash('cloud-controller-manager');
  c.cloud.terminate('worker-1');
  c.advance('10m');
  assert.is(c.client.list('Node').items.length, 4);
});

test('routes follow the nodes', () => {
  const c = createCluster(options);
  c.advance('10s');
  assert.equal(c.cloud.routes().map(({ targetNode }) => targetNode), ['control-plane', 'worker-1', 'worker-2', 'worker-3']);
  const condition = () => c.client.get('Node', { name: 'worker-2' }).status.conditions!.find(({ type }) => type === 'NetworkUnavailable')!;
  assert.is(condition().reason, 'RouteCreated');
  c.cloud.terminate('worker-1');
  c.advance('2m');
  assert.equal(c.cloud.routes().map(({ targetNode }) => targetNode), ['control-plane', 'worker-2', 'worker-3']);
});

test('a call that fails is made again, and no balancer is made twice', async () => {
  for (const carriedOut of [false, true]) {
    const c = createCluster(options);
    c.cloud.fail('RequestTimeout', { times: 2, carriedOut });
    await c.kubectl.text`create service loadbalancer web --tcp=80`;
    c.advance('3s');
    assert.match(await c.kubectl.text`get service web`, /<pending>/);
    c.advance('30s');
    assert.equal(service(c).status!.loadBalancer, { ingress: [{ ip: '203.0.113.10', ipMode: 'VIP' }] });
    assert.is(c.cloud.balancers().length, 1);
    assert.match(await c.kubectl.text`describe service web`, /SyncLoadBalancerFailed .* Error syncing load balancer: failed to ensure load balancer: RequestTimeout/);
  }
});

test('a restarted cloud-controller-manager finds what was made', async () => {
  const c = await exposed();
  c.fault.crash('cloud-controller-manager');
  await c.kubectl.text`delete service web --wait=false`;
  c.advance('1m');
  assert.ok(service(c).metadata.deletionTimestamp);
  c.fault.start('cloud-controller-manager');
  c.advance('10s');
  assert.equal(c.cloud.balancers(), []);
  assert.is(c.client.list('Service', { namespace: 'default' }).items.length, 1);
});

test("somebody's own calls take the place of the provider's", async () => {
  const c = createCluster(options);
  const made: string[] = [];
  const mine: LoadBalancer = {
    getLoadBalancer: ({ metadata }) => (made.includes(metadata.name) ? { ingress: [{ hostname: 'lb.example.com' }] } : undefined),
    ensureLoadBalancer: ({ metadata }) => (made.push(metadata.name), { ingress: [{ hostname: 'lb.example.com' }] }),
    updateLoadBalancer: () => {},
    ensureLoadBalancerDeleted: ({ metadata }) => void made.splice(made.indexOf(metadata.name), 1),
  };
  c.cloud.use(() => mine);
  await c.kubectl.text`create service loadbalancer web --tcp=80`;
  c.advance('1s');
  assert.match(await c.kubectl.text`get service web`, /lb\.example\.com/);
  await c.kubectl.text`delete service web`;
  c.advance('1s');
  assert.equal(made, []);
});

test('a Service that names a class is for another controller', async () => {
  const c = createCluster(options);
  c.client.create({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'default' }, spec: { type: 'LoadBalancer', loadBalancerClass: 'example.com/other', ports: [{ port: 80 }] } });
  c.advance('1m');
  assert.equal(c.cloud.balancers(), []);
});

test('the same seed makes the same cloud', async () => {
  const told = async () => {
    const c = await exposed({}, 3);
    return JSON.stringify([c.cloud.calls, c.requests(), ask(c).hops]);
  };
  assert.is(await told(), await told());
});

test.run();
