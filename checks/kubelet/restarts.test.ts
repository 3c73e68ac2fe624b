// Containers that end, cannot start, or are killed.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { setUp, shell, web } from './node.ts';

const test = suite('kubelet: restarts');

test('CrashLoopBackOff: at once, then 10 s, 20 s, 40 s', () => {
  const c = setUp();
  c.run('crash', shell('echo hi; exit 3'));
  c.advance('5s');
  const first = c.pod('crash').status.containerStatuses![0]!;
  assert.is(first.restartCount, 1);
  assert.is(first.state!.waiting!.reason, 'CrashLoopBackOff');
  assert.match(first.state!.waiting!.message!, /^back-off 10s restarting failed container=main pod=crash_default\([-0-9a-f]{36}\)$/);
  assert.equal([first.lastState!.terminated!.exitCode, first.lastState!.terminated!.reason], [3, 'Error']);
  const starts = new Set<number>();
  for (let i = 0; i < 90; i++) {
    starts.add(Date.parse(c.pod('crash').status.containerStatuses![0]!.lastState!.terminated!.startedAt!) / 1000);
    c.advance('1s');
  }
  const times = [...starts];
  assert.equal(times.slice(1).map((at, i) => at - times[i]!), [10, 20, 40]);
  assert.ok(c.events('crash').some((e) => /^BackOff: Back-off restarting failed container main in pod crash_default\(/.test(e)));
});

test('the status first shows how a container ended', () => {
  const c = setUp();
  c.run('crash', shell('sleep 20; exit 1'));
  c.advance('21s');
  for (let i = 0; i < 60 && !c.pod('crash').status.containerStatuses![0]!.state!.terminated; i++) c.advance('500ms');
  const { state, restartCount } = c.pod('crash').status.containerStatuses![0]!;
  assert.equal([state!.terminated!.reason, restartCount], ['Error', 1]);
  c.advance('2s');
  assert.is(c.pod('crash').status.containerStatuses![0]!.state!.waiting!.reason, 'CrashLoopBackOff');
});

test('OnFailure restarts what failed, not what succeeded', () => {
  const c = setUp();
  c.run('good', shell('exit 0', {}, { restartPolicy: 'OnFailure' }));
  c.run('bad', shell('exit 1', {}, { restartPolicy: 'OnFailure' }));
  c.advance('30s');
  assert.equal([c.pod('good').status.phase, c.pod('bad').status.phase], ['Succeeded', 'Running']);
  assert.ok(c.pod('bad').status.containerStatuses![0]!.restartCount > 0);
});

test('a container above its memory limit is OOMKilled', () => {
  const c = setUp();
  c.run('eater', { restartPolicy: 'Never', containers: [{ name: 'a', image: 'polinux/stress', command: ['stress'], args: ['--vm', '1', '--vm-bytes', '250M'], resources: { limits: { memory: '100Mi' } } }] });
  c.advance('10s');
  const { reason, exitCode } = c.pod('eater').status.containerStatuses![0]!.state!.terminated!;
  assert.equal([reason, exitCode], ['OOMKilled', 137]);
});

test('a command that is not in the image', () => {
  const c = setUp();
  c.run('web', { containers: [{ name: 'a', image: 'nginx:1.27', command: ['nope'] }] });
  c.advance('2s');
  const what = 'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "nope": executable file not found in $PATH: unknown';
  assert.ok(c.events('web').some((e) => e.startsWith(`Failed: Error: ${what}`)));
  c.advance('5s');
  const { lastState } = c.pod('web').status.containerStatuses![0]!;
  assert.equal([lastState!.terminated!.reason, lastState!.terminated!.exitCode, lastState!.terminated!.startedAt], ['StartError', 128, '1970-01-01T00:00:00Z']);
});

test('images that cannot be had', () => {
  const c = setUp();
  c.run('repo', web('nosuch/app'));
  c.run('tag', web('nginx:1.161'));
  c.run('name', web('Nginx'));
  c.run('never', web('redis', { imagePullPolicy: 'Never' }));
  c.advance('10s');
  const waiting = (name: string) => c.pod(name).status.containerStatuses![0]!.state!.waiting!;
  assert.equal(['repo', 'tag', 'name', 'never'].map((name) => waiting(name).reason), ['ImagePullBackOff', 'ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull']);
  const denied = 'failed to pull and unpack image "docker.io/nosuch/app:latest": failed to resolve reference "docker.io/nosuch/app:latest": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed';
  assert.is(waiting('repo').message, `Back-off pulling image "nosuch/app": ErrImagePull: ${denied}`);
  assert.equal(c.events('repo').map((e) => e.replace(/ \(x\d+\)$/, '')), [
    'Pulling: Pulling image "nosuch/app"',
    `Failed: Failed to pull image "nosuch/app": ${denied}`,
    'Failed: Error: ErrImagePull',
    'BackOff: Back-off pulling image "nosuch/app"',
    'Failed: Error: ImagePullBackOff',
  ]);
  assert.match(c.events('tag')[1]!, /nginx:1\.161: not found/);
  assert.is(c.pod('repo').status.phase, 'Pending');
});

test('an image that lies there is not pulled again unless asked for', () => {
  const c = setUp();
  c.run('one', web());
  c.advance('5s');
  c.run('two', web());
  c.run('three', web('nginx:1.27', { imagePullPolicy: 'Always' }));
  c.advance('5s');
  assert.is(c.events('two')[0], 'Pulled: Container image "nginx:1.27" already present on machine');
  assert.is(c.events('three')[0], 'Pulling: Pulling image "nginx:1.27"');
});

test('pulls of one node wait for each other', () => {
  const c = setUp({ pullDuration: () => 4_000 });
  c.run('one', web('nginx:1.27'));
  c.run('two', web('redis:7.2'));
  c.advance('6s');
  assert.equal(['one', 'two'].map((name) => c.pod(name).status.phase).sort(), ['Pending', 'Running']);
  c.advance('4s');
  assert.equal(['one', 'two'].map((name) => c.pod(name).status.phase), ['Running', 'Running']);
});

test('a container whose image changes is ended and made anew, whatever the restart policy', () => {
  for (const restartPolicy of ['Always', 'Never'] as const) {
    const c = setUp();
    c.run('web', { ...web('nginx:1.25'), restartPolicy });
    c.advance('30s');
    const before = c.pod('web');
    c.client.patch('Pod', { namespace: 'default', name: 'web' }, { spec: { containers: [{ name: before.spec.containers[0]!.name, image: 'nginx:1.27' }] } });
    const phases = new Set<string>();
    for (let i = 0; i < 20; i++) phases.add((c.advance('500ms'), c.pod('web').status.phase!));
    const [status] = c.pod('web').status.containerStatuses!;
    assert.equal([...phases], ['Running']);
    assert.equal([status!.image, status!.restartCount, status!.ready, c.pod('web').status.podIP], ['docker.io/library/nginx:1.27', 1, true, before.status.podIP]);
    assert.ok(status!.lastState!.terminated);
    assert.ok(c.events('web').some((e) => /^Killing: Container \S+ definition changed, will be restarted$/.test(e)));
  }
});

test.run();
