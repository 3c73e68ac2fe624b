import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { setUp, shell, web } from './node.ts';

const test = suite('kubelet: termination');

test('a deleted pod is told to end, and goes when its containers have', () => {
  const c = setUp();
  c.run('web', web());
  c.advance('5s');
  c.remove('web');
  c.loop.settle();
  assert.ok(c.pod('web').metadata.deletionTimestamp);
  assert.is(c.events('web').at(-1), 'Killing: Stopping container web');
  c.advance('1s');
  assert.not(c.exists('web'));
  assert.is(c.runtime.pods.size, 0);
});

test('a shell as process 1 does not hear SIGTERM: it is killed after the grace period, unless a trap gets its turn', () => {
  const c = setUp();
  c.run('deaf', shell('sleep 3600'));
  c.run('hears', shell('trap "exit 0" TERM; while true; do sleep 1; done'));
  c.run('waits', shell('trap "exit 0" TERM; sleep 3600 & wait'));
  c.run('busy', shell('trap "exit 0" TERM; sleep 3600'));
  c.advance('5s');
  for (const name of ['deaf', 'hears', 'waits', 'busy']) c.remove(name);
  c.advance('5s');
  assert.equal(['deaf', 'hears', 'waits', 'busy'].map(c.exists), [true, false, false, true]);
  c.advance('26s');
  assert.not(c.exists('deaf'));
});

test('the last status of a deleted pod is terminal', () => {
  const c = setUp();
  const seen: (string | undefined)[] = [];
  c.client.cache('Pod').on(({ object }) => seen.push(object.status.phase));
  c.run('deaf', shell('sleep 3600'));
  c.advance('5s');
  c.remove('deaf', 5);
  c.advance('6s');
  assert.is(seen.at(-1), 'Failed');
});

test('preStop uses up part of the grace', () => {
  const c = setUp();
  c.run('web', web('nginx:1.27', { lifecycle: { preStop: { exec: { command: ['sh', '-c', 'sleep 10'] } } } }));
  c.advance('5s');
  c.remove('web');
  c.advance('9s');
  assert.ok(c.exists('web'));
  c.advance('2s');
  assert.not(c.exists('web'));
});

test('preStop may sleep or ask the container itself; a failure is told and ends nothing', () => {
  const c = setUp();
  c.run('sleeps', web('nginx:1.27', { lifecycle: { preStop: { sleep: { seconds: 5 } } } }));
  c.run('asks', web('nginx:1.27', { lifecycle: { preStop: { httpGet: { path: '/missing', port: 80 } } } }));
  c.run('nobody', web('nginx:1.27', { lifecycle: { preStop: { httpGet: { path: '/', port: 81 } } } }));
  c.advance('5s');
  for (const name of ['sleeps', 'asks', 'nobody']) c.remove(name);
  c.advance('4s');
  assert.equal(['sleeps', 'asks', 'nobody'].map(c.exists), [true, false, false]);
  c.advance('3s');
  assert.not(c.exists('sleeps'));
  assert.not(c.events('asks').some((event) => event.startsWith('Failed')), 'any answer will do');
  assert.ok(c.events('nobody').includes('FailedPreStopHook: PreStopHook failed'));
});

test('a container whose postStart fails is killed and started again; v1.20 says what was run', () => {
  for (const version of ['v1.20', 'v1.33']) {
    const c = setUp({ version });
    c.run('web', web('nginx:1.27', { lifecycle: { postStart: { exec: { command: ['sh', '-c', 'echo no; exit 3'] } } } }));
    c.advance('20s');
    const message = c.events('web').find((event) => event.startsWith('FailedPostStartHook'))?.replace(/ \(x\d+\)$/, '');
    const { uid } = c.pod('web').metadata;
    const old = `Exec lifecycle hook ([sh -c echo no; exit 3]) for Container "web" in Pod "web_default(${uid})" failed - error: command 'sh -c echo no; exit 3' exited with 3: , message: "no\\n"`;
    assert.is(message, `FailedPostStartHook: ${version === 'v1.20' ? old : 'PostStartHook failed'}`);
    assert.ok(c.pod('web').status.containerStatuses![0]!.restartCount > 0);
  }
});

test('a forced deletion removes the object at once and the containers soon', () => {
  const c = setUp();
  c.run('deaf', shell('sleep 3600'));
  c.advance('5s');
  c.remove('deaf', 0);
  assert.not(c.exists('deaf'));
  c.advance('3s');
  assert.is(c.runtime.pods.size, 0);
});

test('a pod that never started goes at once', () => {
  const c = setUp();
  c.run('bad', web('nosuch/app'));
  c.advance('5s');
  c.remove('bad');
  c.advance('1s');
  assert.not(c.exists('bad'));
});

test('a deletion that the kubelet sees only after its own report of the pod is still done', () => {
  const c = setUp();
  c.run('slow', web());
  c.advance('1s');
  // From now on its watch is three seconds late.
  c.loop.delay = (actor) => (actor.name.includes('informer/Pod') ? 3000 : 0);
  c.remove('slow');
  c.advance('2s');
  c.loop.delay = undefined;
  assert.ok(c.pod('slow').metadata.deletionTimestamp && c.pod('slow').status.phase === 'Running', 'it reports a pod that is being deleted');
  c.advance('5s');
  assert.not(c.exists('slow'));
});

test('an address is given to the next pods in turn and comes back', () => {
  const c = setUp();
  c.run('one', web());
  c.advance('5s');
  const first = c.pod('one').status.podIP;
  c.remove('one');
  c.advance('2s');
  c.run('two', web());
  c.advance('5s');
  assert.equal([first, c.pod('two').status.podIP], ['10.244.0.2', '10.244.0.3']);
});

test('postStart holds back the container and those after it; then probes begin', () => {
  const c = setUp();
  const hook = (script: string) => ({ lifecycle: { postStart: { exec: { command: ['sh', '-c', script] } } } });
  c.run('web', { containers: [{ name: 'a', image: 'nginx:1.27', ...hook('sleep 20'), readinessProbe: { httpGet: { port: 80 } } }, { name: 'b', image: 'nginx:1.27', command: ['sleep', '1000'] }] });
  c.advance('10s');
  const states = () => c.pod('web').status.containerStatuses!.map(({ state, ready }) => [Object.keys(state!)[0], ready]);
  assert.equal([c.pod('web').status.phase, states()], ['Pending', [['waiting', false], ['waiting', false]]]);
  assert.is(c.pod('web').status.containerStatuses![0]!.state!.waiting!.reason, 'ContainerCreating');
  assert.ok(c.events('web').includes('Started: Started container a'));
  assert.not(c.events('web').includes('Started: Started container b'));
  c.advance('15s');
  assert.equal([c.pod('web').status.phase, states()], ['Running', [['running', true], ['running', true]]]);
  const startedAt = c.pod('web').status.containerStatuses!.map(({ state }) => Date.parse(state!.running!.startedAt!));
  assert.ok(startedAt[1]! - startedAt[0]! >= 20_000);
});

test('a postStart that fails late kills its container late; a deleted pod does not wait for one', () => {
  const c = setUp();
  const hook = (script: string) => ({ lifecycle: { postStart: { exec: { command: ['sh', '-c', script] } } } });
  c.run('late', web('nginx:1.27', hook('sleep 10; exit 1')));
  c.run('slow', web('nginx:1.27', hook('sleep 1000')));
  c.advance('8s');
  assert.not(c.events('late').some((event) => event.startsWith('FailedPostStartHook')));
  c.remove('slow');
  c.advance('2s');
  assert.not(c.exists('slow'));
  c.advance('5s');
  assert.ok(c.events('late').some((event) => event.startsWith('FailedPostStartHook')));
  const { reason, message } = c.pod('late').status.containerStatuses![0]!.state!.waiting!;
  assert.is(reason, 'PostStartHookError');
  assert.match(message!, /^Exec lifecycle hook \(\[sh -c sleep 10; exit 1\]\) for Container "web" in Pod "late_default\(.*\)" failed - error: command 'sh -c sleep 10; exit 1' exited with 1: , message: ""$/);
});

test.run();
