// The client library of the Kubernetes project for Node, against a served cluster.
import { PassThrough, Writable } from 'node:stream';
import { AppsV1Api, CoordinationV1Api, CoreV1Api, Exec, KubeConfig, type KubernetesObject, Log, makeInformer, PatchStrategy, PortForward, setHeaderOptions, type V1Lease, V1MicroTime, Watch } from '@kubernetes/client-node';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Served, served } from './served.ts';

interface At {
  at: Served;
  config: KubeConfig;
  core: CoreV1Api;
  apps: AppsV1Api;
}

const test = suite<At>('client-node');
test.before(async (context) => {
  const at = await served();
  const config = new KubeConfig();
  config.loadFromString(at.serving.kubeconfig);
  Object.assign(context, { at, config, core: config.makeApiClient(CoreV1Api), apps: config.makeApiClient(AppsV1Api) });
});
test.after(({ at }) => at.close());

const namespace = 'default';
const shell = { metadata: { name: 'shell', labels: { app: 'shell' } }, spec: { containers: [{ name: 'c', image: 'busybox', command: ['sh', '-c', 'echo hello; sleep 10000'] }] } };

test('create, read, patch, list, delete', async ({ at, core, apps }) => {
  await apps.createNamespacedDeployment({ namespace, body: { metadata: { name: 'web' }, spec: { replicas: 2, selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } } } } });
  at.advance('20s');
  assert.is((await apps.readNamespacedDeployment({ namespace, name: 'web' })).status!.readyReplicas, 2);
  const merge = setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch);
  const patched = await apps.patchNamespacedDeployment({ namespace, name: 'web', body: { spec: { replicas: 1 } } }, merge);
  assert.is(patched.spec!.replicas, 1);
  at.advance('40s');
  const pods = await core.listNamespacedPod({ namespace, labelSelector: 'app=web' });
  assert.is(pods.items.length, 1);
  assert.instance(pods.items[0]!.metadata!.creationTimestamp, Date);
  await apps.deleteNamespacedDeployment({ namespace, name: 'web' });
  const missing = await apps.readNamespacedDeployment({ namespace, name: 'web' }).catch((error: { code: number }) => error.code);
  assert.is(missing, 404);
});

test('an informer keeps up', async ({ at, config, core }) => {
  const informer = makeInformer(config, `/api/v1/namespaces/${namespace}/configmaps`, () => core.listNamespacedConfigMap({ namespace }));
  const heard = (verb: 'add' | 'update' | 'delete', name: string) => new Promise<KubernetesObject>((resolve) => informer.on(verb, (object: KubernetesObject) => object.metadata?.name === name && resolve(object)));
  const connected = new Promise<void>((resolve) => informer.on('connect', () => resolve()));
  const [added, updated, deleted] = [heard('add', 'one'), heard('update', 'one'), heard('delete', 'one')];
  await informer.start();
  await connected;
  const created = await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'one' }, data: { a: '1' } } });
  await added;
  await core.replaceNamespacedConfigMap({ namespace, name: 'one', body: { ...created, data: { a: '2' } } });
  assert.is(((await updated) as { data?: Record<string, string> }).data!.a, '2');
  await core.deleteNamespacedConfigMap({ namespace, name: 'one' });
  await deleted;
  await informer.stop();
  assert.equal(at.errors, []);
});

test('a watch by hand ends when the server says so', async ({ at, config }) => {
  const types: string[] = [];
  const ended = new Promise<unknown>((resolve) => {
    void new Watch(config).watch('/api/v1/nodes', { timeoutSeconds: 5 }, (type) => void types.push(type), resolve).then(() => at.advance('6s'));
  });
  await ended;
  assert.equal(types.slice(0, 2), ['ADDED', 'ADDED']);
});

test('exec, port-forward, logs', async ({ at, config, core }) => {
  await core.createNamespacedPod({ namespace, body: shell });
  at.advance('10s');
  const out = new PassThrough();
  let text = '';
  out.on('data', (piece) => (text += String(piece)));
  const status = await new Promise<{ status?: string; reason?: string }>((resolve, reject) => {
    new Exec(config).exec(namespace, 'shell', 'c', ['sh', '-c', 'hostname; exit 2'], out, null, null, false, resolve).catch(reject);
  });
  assert.equal([text, status.status, status.reason], ['shell\n', 'Failure', 'NonZeroExitCode']);

  await core.createNamespacedPod({ namespace, body: { metadata: { name: 'page' }, spec: { containers: [{ name: 'c', image: 'nginx' }] } } });
  at.advance('20s');
  const [input, page] = [new PassThrough(), new PassThrough()];
  const forward = (await new PortForward(config).portForward(namespace, 'page', [80], page, null, input)) as { close(): void };
  input.write('GET / HTTP/1.1\r\nHost: page\r\n\r\n');
  let html = '';
  for await (const piece of page) if (/Welcome to nginx/.test((html += String(piece)))) break;
  assert.match(html, /^HTTP\/1\.1 200 OK\r\n/);
  forward.close();

  let logged = '';
  const read = new Promise<void>((resolve) => {
    const sink = new Writable({
      write(piece, _encoding, done) {
        logged += String(piece);
        done();
      },
    });
    sink.on('finish', resolve);
    void new Log(config).log(namespace, 'shell', 'c', sink, { follow: true }).then(() => core.deleteNamespacedPod({ namespace, name: 'shell', gracePeriodSeconds: 0 })).then(() => at.advance('5s'));
  });
  await read;
  assert.is(logged, 'hello\n');
});

/** As client-go elects: who holds the lease writes it again and again; whoever sees it stand still too long takes it. */
function candidate(leases: CoordinationV1Api, identity: string, now: () => number) {
  const [name, leaseDurationSeconds] = ['elected', 15];
  let seen: { version?: string; at: number } = { at: now() };
  const spec = (before?: V1Lease['spec']) => {
    const time = new V1MicroTime(now());
    const mine = before?.holderIdentity === identity;
    return { holderIdentity: identity, leaseDurationSeconds, renewTime: time, acquireTime: mine ? before!.acquireTime : time, leaseTransitions: (before?.leaseTransitions ?? 0) + (before && !mine ? 1 : 0) };
  };
  const lost = (error: { code: number }) => {
    if (error.code !== 409) throw error;
    return false;
  };
  return {
    identity,
    /** Whether it leads after this try. */
    async tryToLead(): Promise<boolean> {
      const lease = await leases.readNamespacedLease({ namespace, name }).catch((error: { code: number }) => void (error.code === 404 || lost(error)));
      if (!lease) return leases.createNamespacedLease({ namespace, body: { metadata: { name }, spec: spec() } }).then(() => true, lost);
      const version = lease.metadata!.resourceVersion!;
      if (seen.version !== version) seen = { version, at: now() };
      if (lease.spec!.holderIdentity !== identity && now() < seen.at + leaseDurationSeconds * 1000) return false;
      return leases.replaceNamespacedLease({ namespace, name, body: { ...lease, spec: spec(lease.spec) } }).then(() => true, lost);
    },
  };
}

test('leader election: one leads at a time, and another when it stops', async ({ at, config }) => {
  const leases = config.makeApiClient(CoordinationV1Api);
  let now = Date.parse(at.cluster.now);
  const all = ['a', 'b', 'c'].map((identity) => candidate(leases, identity, () => now));
  const round = async (among: typeof all) => {
    const tried = await Promise.all(among.map(async (one) => ((await one.tryToLead()) ? [one.identity] : [])));
    now += 2000;
    return tried.flat();
  };
  const [first, ...others] = await round(all);
  assert.equal(others, []);
  for (let i = 0; i < 10; i++) assert.equal(await round(all), [first]);
  const rest = all.filter(({ identity }) => identity !== first);
  const led: string[][] = [];
  while (led.flat().length === 0 && led.length < 20) led.push(await round(rest));
  // 15 s after the last renewal was seen: in the round of that renewal or, read just before it, in the next.
  assert.ok(led.length === 8 || led.length === 9, `led after ${led.length} rounds`);
  assert.is(led.at(-1)!.length, 1);
  // The first has read the lease before and comes too late.
  assert.equal(await round(all), led.at(-1));
  const { spec } = await leases.readNamespacedLease({ namespace, name: 'elected' });
  assert.equal([spec!.holderIdentity, spec!.leaseTransitions, Date.parse(String(spec!.renewTime))], [led.at(-1)![0], 1, now - 2000]);
});

test('nothing went wrong inside', ({ at }) => assert.equal(at.errors, []));
test.run();
