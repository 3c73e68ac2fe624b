import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createVersion, isConflict, isNotFound, type Pod } from '../../lib/api/index.ts';
import { ApiServer } from '../../lib/apiserver/index.ts';
import { type Controller, forObject, InProcessClient, runController } from '../../lib/client/index.ts';
import { Store } from '../../lib/etcd/index.ts';
import { Clock, createRandom, duration, Loop } from '../../lib/sim/index.ts';

function setUp() {
  const clock = new Clock();
  const random = createRandom(1);
  const loop = new Loop({ clock, random });
  const server = new ApiServer({ store: new Store(), clock, random, version: createVersion() });
  server.wake = (actor) => loop.wake(actor);
  loop.pump = () => server.pump();
  let up = true;
  const client = new InProcessClient({ server, loop, random, name: 'test', reachable: () => up });
  client.create({ kind: 'Namespace', metadata: { name: 'default' } });
  client.create({ kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'default' } });
  return { clock, loop, server, client, connect: (yes: boolean) => void (up = yes) };
}

const pod = (name: string, labels?: Record<string, string>) => ({ kind: 'Pod', metadata: { name, ...(labels && { labels }) }, spec: { containers: [{ name: 'a', image: 'nginx' }] } });

const test = suite('client');

test('a cache sees a write only when its component takes its step', () => {
  const { client, loop } = setUp();
  const cache = client.cache('Pod');
  client.create(pod('web'));
  assert.is(cache.size, 0);
  loop.settle();
  assert.is(cache.get({ namespace: 'default', name: 'web' })?.metadata.name, 'web');
});

test('indexes and their counters follow every change', () => {
  const { client, loop } = setUp();
  const cache = client.cache('Pod');
  cache.index('app', (p) => [p.metadata.labels?.app ?? ''], { running: (p) => Number(p.status.phase === 'Running') });
  for (const name of ['a', 'b', 'c']) client.create(pod(name, { app: 'web' }));
  loop.settle();
  assert.equal([cache.by('app', 'web').size, cache.by('app', 'web').count('running')], [3, 0]);
  client.updateStatus(client.get('Pod', { namespace: 'default', name: 'a' }), { phase: 'Running' });
  client.patch('Pod', { namespace: 'default', name: 'b' }, { metadata: { labels: { app: 'other' } } });
  loop.settle();
  assert.equal([cache.by('app', 'web').size, cache.by('app', 'web').count('running'), cache.by('app', 'other').size], [2, 1, 1]);
  client.delete(client.get('Pod', { namespace: 'default', name: 'a' }));
  loop.settle();
  assert.equal([cache.by('app', 'web').size, cache.by('app', 'web').count('running'), cache.inNamespace('default').size], [1, 0, 2]);
});

test('an unchanged write is no event and moves no revision', () => {
  const { client, server } = setUp();
  const before = client.create<Pod>(pod('web'));
  const { revision } = server.storage.store;
  client.update(before);
  client.updateStatus(before, { phase: 'Pending' });
  client.patch('Pod', { namespace: 'default', name: 'web' }, { metadata: {} });
  assert.is(server.storage.store.revision, revision);
});

test('a write that names an old version is a conflict', () => {
  const { client } = setUp();
  const old = client.create<Pod>(pod('web'));
  client.patch('Pod', { namespace: 'default', name: 'web' }, { metadata: { labels: { a: 'b' } } });
  assert.throws(() => client.update({ ...old, metadata: { ...old.metadata, labels: { c: 'd' } } }), isConflict);
});

test('stored objects are frozen, all the way down', () => {
  const { client } = setUp();
  const stored = client.create<Pod>(pod('web'));
  assert.throws(() => ((stored.spec.containers[0] as { image: string }).image = 'other'), (error: unknown) => error instanceof TypeError);
  assert.throws(() => (stored.metadata.name = 'other'), (error: unknown) => error instanceof TypeError);
});

test('a controller that fails is asked again, later each time', () => {
  const { client, loop, clock } = setUp();
  const times: number[] = [];
  const failing: Controller = {
    name: 'failing',
    watches: [forObject('ConfigMap')],
    reconcile: () => {
      times.push(clock.now);
      throw new Error('no');
    },
  };
  runController(failing, client, loop);
  const begin = clock.now;
  client.create({ kind: 'ConfigMap', metadata: { name: 'c' } });
  loop.runUntil(begin + duration('1s'));
  assert.equal(times.map((t) => t - begin), [0, 20, 40, 60, 100, 180, 340, 660]);
});

test('after a lost connection a cache lists again: it misses nothing', () => {
  const { client, loop, clock, connect, server } = setUp();
  const cache = client.cache('ConfigMap');
  const other = new InProcessClient({ server, loop, random: createRandom(2), name: 'other' });
  other.create({ kind: 'ConfigMap', metadata: { name: 'gone' } });
  loop.settle();
  connect(false);
  other.delete({ kind: 'ConfigMap', metadata: { namespace: 'default', name: 'gone' } });
  other.create({ kind: 'ConfigMap', metadata: { name: 'new' } });
  loop.runUntil(clock.now + duration('10s'));
  assert.equal([...cache].map((c) => c.metadata.name), ['gone']);
  connect(true);
  loop.runUntil(clock.now + duration('2s'));
  assert.equal([...cache].map((c) => c.metadata.name), ['new']);
});

test('equal events are one object with a count; similar ones are combined after nine, and after 25 the object is silenced', () => {
  const { client } = setUp();
  const about = client.create<Pod>(pod('web'));
  for (let i = 0; i < 3; i++) client.event(about, 'Warning', 'BackOff', 'Back-off restarting failed container');
  const [event, ...more] = client.list('Event', { namespace: 'default' }).items;
  assert.equal([event!.count, event!.reason, event!.involvedObject.uid, more.length], [3, 'BackOff', about.metadata.uid, 0]);
  for (let i = 0; i < 50; i++) client.event(about, 'Normal', 'Other', `message ${i}`);
  const others = client.list('Event', { namespace: 'default' }).items.filter((e) => e.reason === 'Other');
  assert.equal(others.map((e) => [e.message, e.count]).at(-1), ['(combined from similar events): message 21', 13]);
  assert.is(others.length, 10);
});

test('events last an hour, history five minutes: then both are gone', () => {
  const { client, loop, clock } = setUp();
  client.event(client.create<Pod>(pod('web')), 'Normal', 'Created', 'x');
  loop.runUntil(clock.now + duration('59m'));
  assert.is(client.list('Event').items.length, 1);
  loop.runUntil(clock.now + duration('3m'));
  assert.is(client.list('Event').items.length, 0);
});

test('a watch of one node reads only what is or was on it', () => {
  const { client, loop } = setUp();
  const watch = client.watch('Pod', { fieldSelector: 'spec.nodeName=n1' });
  for (const name of ['a', 'b']) client.create(pod(name));
  client.bind(client.get('Pod', { namespace: 'default', name: 'a' }), 'n1');
  client.bind(client.get('Pod', { namespace: 'default', name: 'b' }), 'n2');
  loop.settle();
  assert.equal(watch.read().map((e) => [e.type, e.object.metadata.name]), [['ADDED', 'a']]);
  assert.throws(() => client.bind(client.get('Pod', { namespace: 'default', name: 'a' }), 'n2'), isConflict);
  assert.throws(() => client.get('Pod', { namespace: 'default', name: 'none' }), isNotFound);
});

test.run();
