// READY, STATUS and RESTARTS of pods as `kubectl get pods` shows them.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createVersion, findResource, type KubeObject } from '../../../lib/api/index.ts';

const pod = findResource('Pod')!;
const now = Date.parse('2026-01-01T01:00:00Z');
const old = createVersion('v1.20');
const newer = createVersion('v1.33');

interface State {
  state?: object;
  lastState?: object;
  ready?: boolean;
  started?: boolean;
  restartCount?: number;
}
const status = (name: string, { restartCount = 0, ready = false, ...state }: State) => ({ name, restartCount, ready, ...state });
const running = { running: { startedAt: '2026-01-01T00:00:00Z' } };
const ended = (exitCode: number, reason?: string) => ({ terminated: { exitCode, reason, finishedAt: '2026-01-01T00:55:00Z' } });

/** READY, STATUS, RESTARTS. */
function shown(spec: object, podStatus: object, metadata: object = {}, version = newer): string {
  const object = { metadata: { name: 'web', creationTimestamp: '2026-01-01T00:00:00Z', ...metadata }, spec: { containers: [{ name: 'a' }], ...spec }, status: { phase: 'Running', ...podStatus } };
  return pod.cells!(object as unknown as KubeObject, now, version).slice(1, 4).join(' ');
}

test('init containers', () => {
  const spec = { initContainers: [{ name: 'i' }, { name: 'j' }] };
  const pending = (i: State, j: State) => ({ phase: 'Pending', initContainerStatuses: [status('i', i), status('j', j)], containerStatuses: [status('a', { state: { waiting: { reason: 'PodInitializing' } } })] });
  const waiting = { state: { waiting: { reason: 'PodInitializing' } } };
  assert.is(shown(spec, pending({ state: running }, waiting)), '0/1 Init:0/2 0');
  assert.is(shown(spec, pending({ state: ended(0) }, { state: running })), '0/1 Init:1/2 0');
  assert.is(shown(spec, pending({ state: ended(1, 'Error') }, waiting)), '0/1 Init:Error 0');
  assert.is(shown(spec, pending({ state: ended(2) }, waiting)), '0/1 Init:ExitCode:2 0');
  assert.is(shown(spec, pending({ state: { waiting: { reason: 'CrashLoopBackOff' } }, restartCount: 3, lastState: ended(1) }, waiting)), '0/1 Init:CrashLoopBackOff 3 (5m ago)');
  assert.is(shown(spec, pending({ state: ended(0) }, { state: ended(0) })), '0/1 PodInitializing 0');
});

test('the last restart, in newer releases', () => {
  const restarted = { containerStatuses: [status('a', { state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: ended(1, 'Error'), restartCount: 4 })] };
  assert.is(shown({}, restarted, {}, old), '0/1 CrashLoopBackOff 4');
  assert.is(shown({}, restarted), '0/1 CrashLoopBackOff 4 (5m ago)');
  assert.is(pod.columns instanceof Function && pod.columns(old)[3]!.type, 'integer');
  assert.is(pod.columns instanceof Function && pod.columns(newer)[3]!.type, 'string');
});

test('one container has completed, another runs', () => {
  const spec = { containers: [{ name: 'a' }, { name: 'b' }] };
  const statuses = { containerStatuses: [status('a', { state: ended(0, 'Completed') }), status('b', { state: running, ready: true })] };
  assert.is(shown(spec, statuses), '1/2 NotReady 0');
  assert.is(shown(spec, { ...statuses, conditions: [{ type: 'Ready', status: 'True' }] }), '1/2 Running 0');
});

test('sidecars count as containers', () => {
  const spec = { initContainers: [{ name: 's', restartPolicy: 'Always' }] };
  const statuses = { initContainerStatuses: [status('s', { state: running, started: true, ready: true, restartCount: 1, lastState: ended(1) })], containerStatuses: [status('a', { state: running, ready: true })] };
  assert.is(shown(spec, statuses), '2/2 Running 1 (5m ago)');
});

test('on the way out', () => {
  const deleted = { deletionTimestamp: '2026-01-01T00:59:00Z' };
  assert.is(shown({}, {}, deleted), '0/1 Terminating 0');
  assert.is(shown({}, { reason: 'NodeLost' }, deleted), '0/1 Unknown 0');
  const done = { phase: 'Succeeded', containerStatuses: [status('a', { state: ended(0, 'Completed') })] };
  assert.is(shown({}, done, deleted), '0/1 Completed 0');
  assert.is(shown({}, done, deleted, old), '0/1 Terminating 0');
});

test('held back by a gate', () => {
  assert.is(shown({}, { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }] }), '0/1 SchedulingGated 0');
});

test.run();
