// The scheduling queue alone: order, back-off, and what brings a pod back.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Pod } from '../../lib/api/index.ts';
import { backoffOf, type QueueOptions, SchedulingQueue } from '../../lib/scheduler/queue.ts';
import { Clock } from '../../lib/sim/index.ts';

const pod = (name: string, spec: object = {}, status: object = {}) =>
  ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default', uid: name, resourceVersion: '1', creationTimestamp: '' }, spec: { containers: [], ...spec }, status }) as Pod;

function setup(options: Omit<QueueOptions, 'clock'> = {}) {
  const clock = new Clock();
  let wakes = 0;
  const queue = new SchedulingQueue({ clock, wake: () => wakes++, ...options });
  const advance = (milliseconds: number) => {
    const until = clock.now + milliseconds;
    for (let next = clock.next(); next !== undefined && next <= until; next = clock.next()) {
      clock.now = next;
      clock.runDue();
    }
    clock.now = until;
  };
  const fail = (plugins: string[] = []) => queue.failed(queue.pop()!, new Set(plugins));
  return { queue, advance, fail, wakes: () => wakes };
}

test('the back-off doubles from 1 s to 10 s', () => {
  assert.equal([1, 2, 3, 4, 5, 6].map(backoffOf), [1000, 2000, 4000, 8000, 10_000, 10_000]);
});

test('by priority, then by time, then in the order they came', () => {
  const { queue, advance } = setup();
  queue.add(pod('a'));
  queue.add(pod('b'));
  advance(5);
  queue.add(pod('c', { priority: 10 }));
  queue.add(pod('d'));
  const order: string[] = [];
  for (let entry = queue.pop(); entry; entry = queue.pop()) order.push(entry.pod.metadata.name);
  assert.equal(order, ['c', 'a', 'b', 'd']);
});

test('a pod that failed waits for an event, and then for its back-off', () => {
  const { queue, advance, fail } = setup();
  queue.add(pod('a'));
  fail();
  advance(500);
  assert.not.ok(queue.ready);
  queue.moveAll();
  assert.not.ok(queue.ready, 'its back-off of 1 s is not over');
  advance(500);
  assert.ok(queue.ready);
  fail();
  advance(5000);
  queue.moveAll();
  assert.ok(queue.ready, 'its back-off of 2 s is over long since');
});

test('only pods that an event may help are moved', () => {
  const { queue, advance, fail } = setup();
  queue.add(pod('a'));
  fail(['NodeAffinity']);
  queue.add(pod('b'));
  fail(['NodeResourcesFit']);
  advance(10_000);
  queue.moveAll(({ plugins }) => plugins.has('NodeAffinity'));
  assert.is(queue.pop()?.pod.metadata.name, 'a');
  assert.is(queue.pop(), undefined);
});

test('an error is tried again without an event', () => {
  const { queue, advance } = setup();
  queue.add(pod('a'));
  queue.retry(queue.pop()!);
  assert.not.ok(queue.ready);
  advance(1000);
  assert.ok(queue.ready);
});

test('without an event a pod comes back when it has waited too long, at a full half minute', () => {
  const { queue, advance, fail } = setup({ maxUnschedulable: 60_000 });
  advance(1000);
  queue.add(pod('a'));
  fail();
  advance(60_000);
  assert.not.ok(queue.ready, 'looked at after 30 s and 60 s of the queue: not yet');
  advance(28_000);
  assert.not.ok(queue.ready);
  advance(1000);
  assert.ok(queue.ready, 'looked at after 90 s');
});

test('a change of the spec brings a pod back after its back-off, a change of its status does not', () => {
  const { queue, advance, fail } = setup();
  queue.add(pod('a'));
  fail();
  queue.update(pod('a', {}, { phase: 'Pending' }));
  assert.not.ok(queue.ready);
  queue.update(pod('a', { tolerations: [{ operator: 'Exists' }] }));
  advance(1000);
  assert.is(queue.pop()?.pod.spec.tolerations?.length, 1);
});

test('a pod that was deleted is not tried, wherever it waited', () => {
  const { queue, advance, fail } = setup();
  for (const name of ['active', 'unschedulable', 'backoff']) queue.add(pod(name));
  queue.delete(pod('active'));
  fail();
  fail();
  queue.moveAll(({ pod: { metadata } }) => metadata.name === 'backoff');
  queue.delete(pod('unschedulable'));
  queue.delete(pod('backoff'));
  queue.moveAll();
  advance(600_000);
  assert.not.ok(queue.ready);
});

test('a pod deleted and made again under its name starts anew', () => {
  const { queue, fail } = setup();
  queue.add(pod('a'));
  fail();
  queue.delete(pod('a'));
  queue.add(pod('a'));
  assert.is(queue.pop()?.attempts, 1);
});

test('an update during its back-off does not lead to two tries', () => {
  for (const hasty of [true, false]) {
    const { queue, advance, fail } = setup({ hasty });
    queue.add(pod('a'));
    fail();
    queue.moveAll();
    queue.update(pod('a', { priority: 1 }));
    if (!hasty) {
      assert.is(queue.pop(), undefined, 'it goes on backing off');
      advance(1000);
    }
    assert.ok(queue.pop());
    advance(20_000);
    assert.is(queue.pop(), undefined);
  }
});

test('in old releases a pod is tried again when its status gets a new field, not when a field changes', () => {
  const { queue, fail } = setup({ hasty: true });
  const condition = (message: string) => ({ conditions: [{ type: 'PodScheduled', status: 'False', message }] });
  queue.add(pod('a'));
  fail();
  queue.update(pod('a', {}, condition('first')));
  assert.ok(queue.ready);
  fail();
  queue.update(pod('a', {}, condition('second')));
  assert.not.ok(queue.ready);
  queue.update(pod('a', {}, { ...condition('second'), nominatedNodeName: 'n' }));
  assert.ok(queue.ready);
});

test('in old releases a pod whose attempt was an error waits for an event', () => {
  const { queue, advance } = setup({ errorsWait: true });
  queue.add(pod('a'));
  queue.retry(queue.pop()!);
  advance(10_000);
  assert.not.ok(queue.ready);
  queue.moveAll(({ plugins }) => plugins.size === 0);
  assert.ok(queue.ready);
});

test('in new releases a pod is tried before the end of its back-off while no other is, but not after an error', () => {
  const { queue, fail } = setup({ impatient: true });
  queue.add(pod('a'));
  fail();
  assert.not.ok(queue.ready);
  queue.moveAll();
  queue.add(pod('b'));
  assert.is(queue.pop()?.pod.metadata.name, 'b');
  const a = queue.pop()!;
  assert.is(a.pod.metadata.name, 'a');
  queue.retry(a);
  assert.not.ok(queue.ready);
});

test('the loop is woken once per pod that becomes ready', () => {
  const { queue, wakes } = setup();
  queue.add(pod('a'));
  queue.add(pod('a'));
  queue.add(pod('b'));
  assert.is(wakes(), 2);
});

test.run();
