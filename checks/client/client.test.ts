import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createVersion, isConflict, isNotFound, type KubeObject, type Pod } from '../../lib/api/index.ts';
import { ApiServer } from '../../lib/apiserver/index.ts';
import { type Controller, forObject, InProcessClient, runController } from '../../lib/client/index.ts';
import { Store } from '../../lib/etcd/index.ts';
import { Clock, createRandom, duration, Loop } from '../../lib/sim/index.ts';

function setUp(release?: string) {
  const clock = new Clock();
  const random = createRandom(1);
  const loop = new Loop({ clock, random });
  const server = new ApiServer({ store: new Store(), clock, random, version: createVersion(release) });
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

const makeMap = (client: InProcessClient) => client.create({ kind: 'ConfigMap', metadata: { name: 'web' } });
const seriesIn = (client: InProcessClient) => client.list('Event', { namespace: 'default' }).items.map(({ message, series }) => [message, series?.count, String(series?.lastObservedTime).slice(14, 19)]);

test('with an action equal events are a series: written at its start, and again when it has ended', () => {
  for (const [release, first] of [['v1.33', 2], ['v1.20', 1]] as const) {
    const { client, loop, clock } = setUp(release);
    const [about, begin] = [makeMap(client), clock.now];
    const fail = (note: string) => client.event(about, 'Warning', 'FailedScheduling', note, { action: 'Scheduling' });
    for (const minute of [0, 1, 2, 3]) {
      loop.runUntil(begin + duration(`${minute}m`));
      fail(`note ${minute}`);
    }
    assert.equal(seriesIn(client), [['note 0', first, '01:00']]);
    loop.runUntil(begin + duration('11m'));
    assert.equal(seriesIn(client), [['note 0', first, '01:00']]);
    loop.runUntil(begin + duration('13m'));
    assert.equal(seriesIn(client), [['note 0', first + 2, '03:00']]);
    fail('a new one');
    assert.equal(seriesIn(client).map(([note]) => note), ['note 0', 'a new one']);
  }
});

test('a long series is written every half hour; of another version of the object an event is another one', () => {
  const { client, loop, clock } = setUp();
  const [about, begin] = [makeMap(client), clock.now];
  const fail = (object: KubeObject) => client.event(object, 'Warning', 'FailedScheduling', 'no', { action: 'Scheduling' });
  for (let minute = 0; minute <= 31; minute += 4) {
    loop.runUntil(begin + duration(`${minute}m`));
    fail(about);
  }
  loop.runUntil(begin + duration('31m'));
  assert.equal(seriesIn(client), [['no', 8, '28:00']]);
  fail(client.patch('ConfigMap', { namespace: 'default', name: 'web' }, { metadata: { labels: { a: 'b' } } }));
  assert.is(seriesIn(client).length, 2);
});

test('an event with an action is one of events.k8s.io; a series that is gone is written anew', () => {
  const { client } = setUp();
  const about = makeMap(client);
  const tell = () => client.event(about, 'Normal', 'Preempted', 'x'.repeat(1024), { action: 'Preempting', related: about, component: 'default-scheduler' });
  tell();
  const [event] = client.list('Event').items;
  const { metadata, eventTime, ...rest } = client.withManagedFields(event!);
  assert.match(String(eventTime), /^2026-01-01T00:00:00\.0{5}\dZ$/);
  const reference = { kind: 'ConfigMap', namespace: 'default', name: 'web', uid: about.metadata.uid, apiVersion: 'v1', resourceVersion: about.metadata.resourceVersion };
  assert.equal(rest, { apiVersion: 'v1', kind: 'Event', involvedObject: reference, related: reference, reason: 'Preempted', message: 'x'.repeat(1024), source: {}, firstTimestamp: null, lastTimestamp: null, type: 'Normal', action: 'Preempting', reportingComponent: 'default-scheduler', reportingInstance: 'default-scheduler-test' });
  assert.equal(Object.keys((metadata as any).managedFields[0].fieldsV1), ['f:action', 'f:eventTime', 'f:note', 'f:reason', 'f:regarding', 'f:related', 'f:reportingController', 'f:reportingInstance', 'f:type']);
  client.delete(event!);
  tell();
  assert.equal(client.list('Event').items.map(({ metadata: { name }, series }) => [name, series?.count]), [[metadata.name, 2]]);
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
