// Programs whose CPU use follows the load they get.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Pod } from '../../lib/api/index.ts';
import { type Cluster, createCluster } from '../../lib/cluster/index.ts';
import { type Build, makespan } from '../../lib/workloads/index.ts';

const test = suite<{ cluster: Cluster }>('workloads: load');
const loop = 'while sleep 0.01; do wget -q -O- http://php-apache; done';

test.before((context) => {
  const { kubectl, advance } = (context.cluster = createCluster({ nodes: 3 }));
  kubectl.run('create deployment php-apache --image=k8s.gcr.io/hpa-example');
  kubectl.run('set resources deployment php-apache --requests=cpu=200m --limits=cpu=500m');
  kubectl.run('expose deployment php-apache --port=80');
  advance('20s');
});

const names = ({ client }: Cluster) => (client.list('Pod', { namespace: 'default' }).items as Pod[]).filter(({ metadata }) => metadata.labels?.['app'] === 'php-apache' && !metadata.deletionTimestamp).map(({ metadata }) => metadata.name);
const stat = ({ kubectl }: Cluster, name: string, field = 'usage_usec') => Number(new RegExp(`${field} (\\d+)`).exec(kubectl.run(`exec ${name} -- cat /sys/fs/cgroup/cpu.stat`).stdout)![1]);

/** Millicores of each over half a minute. */
function use(cluster: Cluster, pods = names(cluster)): number[] {
  const read = (name: string) => ({ usage: stat(cluster, name), at: cluster.loop.clock.now });
  const before = pods.map(read);
  cluster.advance('30s');
  return pods.map((name, i) => {
    const { usage, at } = read(name);
    return Math.round((usage - before[i]!.usage) / (at - before[i]!.at));
  });
}

function scale(cluster: Cluster, replicas: number): void {
  cluster.kubectl.run(`scale deployment php-apache --replicas=${replicas}`);
  cluster.advance('40s');
}

const generate = (cluster: Cluster, name: string, script = loop) => cluster.kubectl.run(`run ${name} --image=busybox --restart=Never -- /bin/sh -c "${script}"`);

test('nobody asks: nothing is used', ({ cluster }) => {
  assert.equal(use(cluster), [0]);
});

test('one generator drives one pod to its limit, and more pods share what it asks for', ({ cluster }) => {
  generate(cluster, 'load-generator');
  cluster.advance('10s');
  const throttled = stat(cluster, names(cluster)[0]!, 'nr_throttled');
  assert.equal(use(cluster), [500]);
  assert.ok(stat(cluster, names(cluster)[0]!, 'nr_throttled') > throttled);
  scale(cluster, 4);
  const four = use(cluster);
  // 251 % to 300 % of a request: six pods at 50 %.
  assert.ok(four.every((one) => one > 126 && one < 150), String(four));
  scale(cluster, 6);
  const six = use(cluster);
  assert.ok(six.every((one) => one === six[0]) && Math.abs(six[0]! * 6 - four[0]! * 4) <= 6, String(six));
});

test('its output is in its log, as often as it was answered', ({ cluster }) => {
  const answers = () => cluster.kubectl.run('logs load-generator').stdout.length / 3;
  const before = answers();
  cluster.advance('30s');
  // 90 ms a round.
  assert.ok(Math.abs(answers() - before - 333) < 5, String(answers() - before));
});

test('more generators ask more, until all are at their limits', ({ cluster }) => {
  for (let i = 0; i < 4; i++) generate(cluster, `more-${i}`, loop.replace('sleep 0.01', 'true'));
  cluster.advance('10s');
  const six = use(cluster);
  assert.ok(six.every((one) => one > 450 && one <= 501), String(six));
  scale(cluster, 2);
  assert.ok(use(cluster).every((one) => one >= 499 && one <= 501));
});

test('at a terminal Ctrl-C ends it at once', async ({ cluster }) => {
  const before = cluster.loop.clock.now;
  const printed = await cluster.kubectl.for('30s').text`run -i --tty here --rm --image=busybox --restart=Never -- /bin/sh -c ${loop}`;
  assert.match(printed, /^(OK!){40,}pod "here" deleted/);
  assert.ok(cluster.loop.clock.now - before < 45_000);
});

test('--generator, as the notes of 2020 wrote it, only since v1.21 unknown', ({ cluster }) => {
  assert.match(cluster.kubectl.run('run --generator=run-pod/v1 old --image=busybox').stderr, /^error: unknown flag: --generator\n/);
  const then = createCluster({ nodes: 1, version: 'v1.20' }).kubectl.run('run --generator=run-pod/v1 old --image=busybox');
  assert.equal([then.stderr, then.stdout], ['Flag --generator has been deprecated, has no effect and will be removed in the future.\n', 'pod/old created\n']);
});

test('an answer that never comes holds a generator up', ({ cluster }) => {
  const deny = { kind: 'NetworkPolicy', metadata: { name: 'deny', namespace: 'default' }, spec: { podSelector: { matchLabels: { app: 'php-apache' } }, policyTypes: ['Ingress'], ingress: [] } };
  const guarded = createCluster({ nodes: 1, network: 'calico' });
  guarded.kubectl.run('create deployment php-apache --image=registry.k8s.io/hpa-example');
  guarded.kubectl.run('expose deployment php-apache --port=80');
  generate(guarded, 'load-generator');
  guarded.advance('20s');
  const [before] = use(guarded);
  // 47 of 90 ms.
  assert.ok(Math.abs(before! - 522) < 5, String(before));
  guarded.client.create(deny);
  guarded.advance('10s');
  assert.equal(use(guarded), [0]);
});

test('with the generators the load ends', ({ cluster }) => {
  cluster.kubectl.run('delete pod load-generator more-0 more-1 more-2 more-3 --now');
  cluster.advance('5s');
  assert.equal(use(cluster), [0, 0]);
});

test('hey: the more servers, the sooner the slow answers come', ({ cluster }) => {
  cluster.kubectl.run('run hey --image=rakyll/hey --restart=Never --command -- sleep 1d');
  const p95 = (replicas: number) => {
    scale(cluster, replicas);
    const { stdout } = cluster.kubectl.run('exec hey -- hey -z 10s -c 8 -q 4 http://php-apache');
    return [/Requests\/sec:\t(\S+)/, /95% in (\S+)/].map((one) => Number(one.exec(stdout)![1]));
  };
  const [[few, slow], [more, quicker], [all, quick]] = [1, 3, 8].map(p95) as [[number, number], [number, number], [number, number]];
  // Half a CPU is enough for 10.6 requests of 47 ms a second.
  assert.equal([few, more, all], [10.6, 31.9, 32]);
  assert.ok(slow > 2 * quicker && quicker > 4 * quick && quick < 0.1, String([slow, quicker, quick]));
  assert.match(cluster.kubectl.run('exec hey -- hey -n 60 -c 20 http://nowhere').stdout, '[60]\tGet "http://nowhere": dial tcp: no such host');
  scale(cluster, 2);
});

/** A pod that compiles beside others on one machine, which has four CPUs. */
function compiler(cluster: Cluster, name: string, { args, requests, limits }: { args: string; requests?: string; limits?: string }): void {
  const resources = { ...(requests && { requests: { cpu: requests } }), ...(limits && { limits: { cpu: limits } }) };
  cluster.client.create({ kind: 'Pod', metadata: { name, namespace: 'default' }, spec: { nodeName: 'worker-1', restartPolicy: 'Never', containers: [{ name: 'main', image: 'kubook/compile', args: args.split(' '), resources }] } });
}
const last = ({ kubectl }: Cluster, name: string) => kubectl.run(`logs ${name} --tail=1`).stdout.trim();

test('CPUs are shared by the requests, up to the limits', ({ cluster }) => {
  compiler(cluster, 'one', { args: '--threads 8', requests: '100m' });
  cluster.advance('10s');
  assert.equal(use(cluster, ['one']), [4000]);
  compiler(cluster, 'two', { args: '--threads 8', requests: '200m' });
  cluster.advance('10s');
  assert.equal(use(cluster, ['one', 'two']), [1333, 2667]);
  compiler(cluster, 'small', { args: '--threads 8', requests: '300m', limits: '500m' });
  cluster.advance('10s');
  assert.equal(use(cluster, ['one', 'two', 'small']), [1167, 2333, 500]);
});

test('a quota that changes in place counts at once', ({ cluster }) => {
  cluster.kubectl.run('delete pod one two --now');
  cluster.advance('10s');
  assert.equal(use(cluster, ['small']), [500]);
  cluster.client.patch('Pod', { namespace: 'default', name: 'small' }, { spec: { containers: [{ name: 'main', resources: { limits: { cpu: '1500m' } } }] } }, { subresource: 'resize' } as never);
  cluster.advance('10s');
  assert.equal(use(cluster, ['small']), [1500]);
  cluster.kubectl.run('delete pod small --now');
  cluster.advance('10s');
});

test('compiling takes as long as the threads and the CPUs make it', ({ cluster }) => {
  // Four CPUs, however many threads: 1000 s of work, and 20 s of linking by one.
  compiler(cluster, 'build', { args: '--threads=8' });
  cluster.advance('5m');
  assert.is(last(cluster, 'build'), '링크가 끝났다: 270.0초, CPU 1020.0초');
  assert.is(makespan({ threads: 8, cpus: 4 }).total, 270);
  compiler(cluster, 'quick', { args: '--threads 2 --sources 100 --link 0 --asleep 1 --slice 0.5 --barrier 2' });
  cluster.advance('4m');
  assert.is(last(cluster, 'quick'), `링크가 끝났다: ${makespan({ threads: 2, sources: 100, link: 0, asleep: 1, slice: 0.5, barrier: 2 }).total.toFixed(1)}초, CPU 100.0초`);
});

test('threads that sleep cost their share; where others wait for them, more', () => {
  const efficiency = (how: Build, more: Build = {}) => (makespan({ threads: 18, ...more }).compile / makespan({ threads: 18, asleep: 2, ...how, ...more }).compile).toFixed(2);
  assert.equal([makespan({ threads: 18 }), makespan({ threads: 1 }).total], [{ compile: 56, total: 76, cpu: 1020 }, 1020]);
  assert.equal([efficiency({}), efficiency({ slice: 1 }), efficiency({ slice: 0.1 })], ['0.89', '0.89', '0.89']);
  assert.equal([efficiency({ slice: 3 / 7 }, { barrier: 18 }), efficiency({ slice: 20 }, { lock: 0.03 }), efficiency({}, { barrier: 18 })], ['0.70', '0.70', '0.50']);
  // With enough of a lock there is nothing left to lose.
  assert.is(efficiency({}, { lock: 0.2 }), '1.00');
});

test.run();
