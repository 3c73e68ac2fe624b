// A machine that goes down in order lets its pods end before.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Node } from '../../lib/api/index.ts';
import { configurationPath } from '../../lib/kubelet/configuration.ts';
import { setUp, shell, web } from './node.ts';

const test = suite('kubelet: shutdown');

type World = ReturnType<typeof setUp>;
const world = (configuration: string, version = 'v1.33') => {
  const c = setUp({ version });
  c.machine.files.makeDirectories('/var/lib/kubelet');
  c.machine.files.write(configurationPath, configuration);
  c.kubelet.stop();
  c.kubelet.start();
  c.loop.settle();
  return c;
};
const byPriority = (c: World, name: string, value: number) => {
  c.client.create({ kind: 'PriorityClass', metadata: { name }, value });
  return { priorityClassName: name };
};
const ready = (c: World) => (c.client.get('Node', { name: 'node-1' }) as Node).status.conditions!.find(({ type }) => type === 'Ready')!;
const both = 'shutdownGracePeriod: 30s\nshutdownGracePeriodCriticalPods: 10s\n';
const deaf = (seconds: number) => ({ ...shell('sleep 1000'), terminationGracePeriodSeconds: seconds });

test('pods end first, critical ones after them; then the machine goes', () => {
  const c = world(both);
  c.run('long', deaf(60));
  c.run('short', deaf(5));
  c.run('critical', { ...deaf(60), ...byPriority(c, 'system-node-critical', 2_000_001_000) });
  c.advance('10s');
  c.machine.shutDown();
  c.advance('1s');
  assert.equal([ready(c).status, ready(c).reason, ready(c).message], ['False', 'KubeletNotReady', 'node is shutting down']);
  assert.ok(c.events('node-1').includes('Shutdown: Shutdown manager detected shutdown event'));
  c.run('late', web());
  c.loop.settle();
  assert.equal([c.pod('late').status.phase, c.pod('late').status.reason, c.pod('late').status.message], ['Failed', 'NodeShutdown', 'Pod was rejected: Pod was rejected as the node is shutting down.']);
  c.advance('5s');
  const { status } = c.pod('short');
  assert.equal([status.phase, status.reason, status.message], ['Failed', 'Terminated', 'Pod was terminated in response to imminent node shutdown.']);
  assert.equal(status.conditions!.find(({ type }) => type === 'DisruptionTarget')?.reason, 'TerminationByKubelet');
  assert.equal([c.pod('long').status.phase, c.pod('critical').status.phase], ['Running', 'Running']);
  c.advance('15s');
  assert.equal([c.pod('long').status.phase, c.pod('critical').status.phase, c.machine.powered], ['Failed', 'Running', true]);
  c.advance('10s');
  assert.equal([c.pod('critical').status.phase, c.machine.powered], ['Failed', false]);
});

test('nobody waits longer than it takes', () => {
  const c = world(both);
  c.run('web', web());
  c.advance('10s');
  c.machine.shutDown();
  c.advance('1s');
  assert.equal([c.pod('web').status.phase, c.machine.powered], ['Failed', false]);
  c.machine.powerOn();
  c.advance('30s');
  assert.equal([c.pod('web').status.phase, c.runtime.pods.get(c.pod('web').metadata.uid)?.sandboxReady ?? false, ready(c).status], ['Failed', false, 'True']);
});

test('v1.21: other words, and critical pods wait for their time', () => {
  const c = world(both, 'v1.21');
  c.run('web', web());
  c.run('critical', { ...web(), ...byPriority(c, 'system-node-critical', 2_000_001_000) });
  c.advance('10s');
  c.machine.shutDown();
  c.advance('10s');
  assert.equal([c.pod('web').status.reason, c.pod('web').status.message, c.pod('critical').status.phase], ['NodeShutdown', 'Node is shutting, evicting pods', 'Running']);
  c.advance('11s');
  assert.is(c.pod('critical').status.phase, 'Failed');
});

test('by priority', () => {
  const groups = [[100000, 10], [1000, 120], [0, 60]].map(([priority, seconds]) => `- {priority: ${priority}, shutdownGracePeriodSeconds: ${seconds}}\n`).join('');
  const c = world(`shutdownGracePeriodByPodPriority:\n${groups}`);
  for (const [name, value] of [['high', 200_000], ['middle', 5_000], ['low', 10]] as const) c.run(name, { ...deaf(name === 'low' ? 20 : 30), ...byPriority(c, name, value) });
  c.advance('10s');
  const phases = () => ['low', 'middle', 'high'].map((name) => c.pod(name).status.phase);
  c.machine.shutDown();
  c.advance('21s');
  assert.equal(phases(), ['Failed', 'Running', 'Running']);
  c.advance('30s');
  assert.equal(phases(), ['Failed', 'Failed', 'Running']);
  c.advance('10s');
  assert.equal([phases(), c.machine.powered], [['Failed', 'Failed', 'Failed'], false]);
});

test('without a grace period, and in v1.20, the machine goes at once; its pods are as after a power failure', () => {
  for (const c of [world(''), world(both, 'v1.20')]) {
    c.run('web', web());
    c.advance('10s');
    c.machine.shutDown();
    assert.not(c.machine.powered);
    c.machine.powerOn();
    c.advance('10s');
    assert.equal([c.pod('web').status.phase, c.pod('web').status.containerStatuses![0]!.restartCount], ['Running', 1]);
  }
});

test('static pods end too, and run again after the next boot', () => {
  const c = world(both);
  c.machine.files.write('/etc/kubernetes/manifests/web.yaml', 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers: [{name: web, image: "nginx:1.27"}]\n');
  c.advance('10s');
  c.machine.shutDown();
  c.advance('5s');
  assert.equal([c.machine.powered, c.pod('web-node-1').status.reason], [false, 'Terminated']);
  c.machine.powerOn();
  c.advance('20s');
  assert.is(c.pod('web-node-1').status.phase, 'Running');
});

test.run();
