import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Job, parseSchedule, nextTime, type Pod, timeZone } from '../../lib/api/index.ts';
import { timestamp } from '../../lib/sim/index.ts';
import { type ControlPlane, createControlPlane, run } from './control-plane.ts';

const test = suite('jobs');

const key = { namespace: 'default', name: 'pi' };
const podSpec = { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox' }] };
const manifest = (spec: object = {}) => ({ kind: 'Job', metadata: key, spec: { template: { spec: podSpec }, ...spec } });

function started(spec: object = {}, options: Parameters<typeof createControlPlane>[0] = {}): ControlPlane {
  const plane = createControlPlane(options);
  plane.client.create(manifest(spec));
  plane.advance('2s');
  return plane;
}

const job = (plane: ControlPlane) => plane.client.get('Job', key) as Job;
const pods = (plane: ControlPlane) => plane.list<Pod>('Pod', 'default');
const alive = (plane: ControlPlane) => pods(plane).filter(({ status, metadata }) => status.phase !== 'Succeeded' && status.phase !== 'Failed' && !metadata.deletionTimestamp);
const trueConditions = (plane: ControlPlane) => (job(plane).status.conditions ?? []).filter(({ status }) => status === 'True').map(({ type, reason }) => `${type} ${reason ?? ''}`.trim());

/** All containers of a pod have ended. */
function end({ client, clock }: ControlPlane, pod: Pod, exitCode = 0): void {
  const state = { terminated: { exitCode, finishedAt: timestamp(clock.now), startedAt: timestamp(clock.now) } };
  const containerStatuses = [{ name: 'c', image: 'busybox', imageID: '', ready: false, restartCount: 0, state }];
  client.updateStatus(pod, { phase: exitCode === 0 ? 'Succeeded' : 'Failed', containerStatuses });
}

test('counts each pod once, whatever the order of steps and however often the manager dies', () => {
  for (let seed = 1; seed <= 12; seed++) {
    const plane = started({ completions: 6, parallelism: 3 }, { seed });
    let most = 0;
    for (let round = 0; round < 40 && trueConditions(plane).length === 0; round++) {
      most = Math.max(most, alive(plane).length);
      const [pod] = alive(plane);
      if (pod) end(plane, pod);
      plane.settle();
      if (round % 2) {
        plane.manager.stop();
        plane.manager.start();
      }
      plane.advance('1500ms');
    }
    assert.equal([job(plane).status.succeeded, job(plane).status.failed, pods(plane).length, most], [6, undefined, 6, 3], `seed ${seed}`);
    assert.equal(trueConditions(plane), ['SuccessCriteriaMet CompletionsReached', 'Complete CompletionsReached']);
    assert.ok(pods(plane).every(({ metadata }) => !metadata.finalizers), 'every pod was let go');
    assert.equal(plane.errors, []);
  }
});

test('failed pods are replaced after 10 s, 20 s, 40 s, until the limit', () => {
  const plane = started({ backoffLimit: 3 });
  const made: number[] = [];
  for (let second = 0; second < 120 && trueConditions(plane).length === 0; second++) {
    if (pods(plane).length > made.length) made.push(second);
    for (const pod of alive(plane)) end(plane, pod, 1);
    plane.advance('1s');
  }
  assert.equal(made.slice(1).map((at, i) => Math.round((at - made[i]!) / 10) * 10), [10, 20, 40]);
  assert.equal([job(plane).status.failed, trueConditions(plane)], [4, ['FailureTarget BackoffLimitExceeded', 'Failed BackoffLimitExceeded']]);
  assert.ok(plane.events().some(({ reason, message, type }) => type === 'Warning' && reason === 'BackoffLimitExceeded' && message === 'Job has reached the specified backoff limit'));
});

test('a deadline ends the job; it is Failed when its last pod is gone', () => {
  const plane = started({ parallelism: 2, completions: 2, activeDeadlineSeconds: 30 }, { scheduler: true });
  const node = { metadata: { name: 'n' }, kind: 'Node', spec: {}, status: { allocatable: { cpu: '4', memory: '4Gi', pods: '10' }, capacity: { cpu: '4', memory: '4Gi', pods: '10' } } };
  plane.client.create(node);
  plane.advance('5s');
  for (const pod of pods(plane)) run(plane, pod);
  plane.advance('30s');
  assert.equal([trueConditions(plane), job(plane).status.failed, job(plane).status.terminating], [['FailureTarget DeadlineExceeded'], 2, 2]);
  for (const pod of pods(plane)) plane.client.delete(pod, { gracePeriodSeconds: 0 });
  plane.advance('3s');
  assert.equal([trueConditions(plane), job(plane).status.terminating], [['FailureTarget DeadlineExceeded', 'Failed DeadlineExceeded'], 0]);
});

test('suspended it has no pods; going on it starts anew', () => {
  const plane = started({ parallelism: 2, completions: 2 });
  assert.is(alive(plane).length, 2);
  plane.client.patch('Job', key, { spec: { suspend: true } }, { type: 'merge' });
  plane.advance('3s');
  assert.equal([alive(plane).length, trueConditions(plane)], [0, ['Suspended JobSuspended']]);
  plane.client.patch('Job', key, { spec: { suspend: false } }, { type: 'merge' });
  plane.advance('12s');
  assert.equal([alive(plane).length, trueConditions(plane)], [2, []]);
  assert.equal(plane.events().filter(({ reason }) => reason === 'Suspended' || reason === 'Resumed').map(({ message }) => message).sort(), ['Job resumed', 'Job suspended']);
});

test('an Indexed job runs each index until it succeeds', () => {
  const plane = started({ completions: 4, parallelism: 4, completionMode: 'Indexed' });
  const indexes = () => alive(plane).map(({ spec }) => spec.hostname).sort();
  assert.equal(indexes(), ['pi-0', 'pi-1', 'pi-2', 'pi-3']);
  for (const pod of alive(plane)) end(plane, pod, pod.spec.hostname === 'pi-1' ? 1 : 0);
  plane.advance('3s');
  assert.equal([job(plane).status.completedIndexes, job(plane).status.failed], ['0,2,3', 1]);
  plane.advance('12s');
  assert.equal(indexes(), ['pi-1']);
  assert.equal(alive(plane)[0]!.metadata.labels!['batch.kubernetes.io/job-completion-index'], '1');
  end(plane, alive(plane)[0]!);
  plane.advance('3s');
  assert.equal([job(plane).status.completedIndexes, trueConditions(plane).at(-1)], ['0-3', 'Complete CompletionsReached']);
});

test('podFailurePolicy: one exit code ends the job, another does not count', () => {
  const rules = [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [42] } }, { action: 'Ignore', onExitCodes: { operator: 'In', values: [7] } }];
  const plane = started({ backoffLimit: 0, podFailurePolicy: { rules } });
  end(plane, alive(plane)[0]!, 7);
  plane.advance('15s');
  assert.equal([trueConditions(plane), job(plane).status.failed], [[], undefined]);
  end(plane, alive(plane)[0]!, 42);
  plane.advance('3s');
  assert.equal(trueConditions(plane), ['FailureTarget PodFailurePolicy', 'Failed PodFailurePolicy']);
  assert.match(job(plane).status.conditions!.at(-1)!.message!, /^Container c for pod default\/pi-\S+ failed with exit code 42 matching FailJob rule at index 0$/);
});

test('backoffLimitPerIndex gives up an index and goes on with the others; successPolicy is content with some', () => {
  const plane = started({ completions: 3, parallelism: 3, completionMode: 'Indexed', backoffLimitPerIndex: 0 });
  for (const pod of alive(plane)) end(plane, pod, pod.spec.hostname === 'pi-2' ? 1 : 0);
  plane.advance('3s');
  assert.equal([job(plane).status.completedIndexes, job(plane).status.failedIndexes, trueConditions(plane).at(-1)], ['0,1', '2', 'Failed FailedIndexes']);
  const lucky = started({ completions: 3, parallelism: 3, completionMode: 'Indexed', successPolicy: { rules: [{ succeededIndexes: '1' }] } });
  end(lucky, alive(lucky).find(({ spec }) => spec.hostname === 'pi-1')!);
  lucky.advance('3s');
  assert.equal([alive(lucky).length, trueConditions(lucky).at(-1)], [0, 'Complete SuccessPolicy']);
});

test('pods of a deleted job are let go, and a finished job goes after its time', () => {
  const plane = started({ parallelism: 3, completions: 3 });
  plane.client.delete({ kind: 'Job', metadata: key }, { propagationPolicy: 'Background' });
  plane.advance('5s');
  assert.is(pods(plane).length, 0);
  const orphaned = started();
  orphaned.client.delete({ kind: 'Job', metadata: key }, { propagationPolicy: 'Orphan' });
  orphaned.advance('5s');
  assert.equal(pods(orphaned).map(({ metadata }) => [metadata.ownerReferences, metadata.finalizers]), [[undefined, undefined]]);
  const timed = started({ ttlSecondsAfterFinished: 10 });
  end(timed, alive(timed)[0]!);
  timed.advance('9s');
  assert.is(timed.list('Job').length, 1);
  timed.advance('5s');
  assert.equal([timed.list('Job').length, pods(timed).length], [0, 0]);
});

const cron = (spec: object = {}) => ({ kind: 'CronJob', metadata: { namespace: 'default', name: 'tick' }, spec: { schedule: '*/5 * * * *', jobTemplate: { spec: { template: { spec: podSpec } } }, ...spec } });

test('a cron job makes jobs in time, one at a time where it must, and keeps a few', () => {
  const plane = createControlPlane();
  plane.client.create(cron({ concurrencyPolicy: 'Forbid' }));
  plane.advance('5m1s');
  assert.equal(plane.list('Job').map(({ metadata }) => metadata.name), [`tick-${Math.floor(plane.clock.now / 300_000) * 5}`]);
  plane.advance('5m');
  assert.is(plane.list('Job').length, 1);
  assert.ok(plane.events().some(({ reason }) => reason === 'JobAlreadyActive'));
  for (let i = 0; i < 5; i++) {
    for (const pod of alive(plane)) end(plane, pod);
    plane.advance('5m');
  }
  const jobs = plane.list('Job');
  assert.equal([jobs.filter(({ status }) => status.succeeded === 1).length, jobs.length], [3, 4]);
});

test('Replace ends what runs; a passed deadline is not made up for; a time zone moves the hour', () => {
  const plane = createControlPlane();
  plane.client.create(cron({ concurrencyPolicy: 'Replace' }));
  plane.advance('10m1s');
  assert.equal([plane.list('Job').length, plane.client.get('CronJob', { namespace: 'default', name: 'tick' }).status.active?.length], [1, 1]);
  plane.manager.stop();
  plane.client.patch('CronJob', { namespace: 'default', name: 'tick' }, { spec: { startingDeadlineSeconds: 30 } }, { type: 'merge' });
  const [before] = plane.list('Job');
  plane.advance('7m');
  plane.manager.start();
  plane.advance('1s');
  assert.equal(plane.list('Job').map(({ metadata }) => metadata.name), [before!.metadata.name]);
  const seoul = nextTime(parseSchedule('0 9 * * *'), Date.UTC(2026, 0, 1), timeZone('Asia/Seoul'));
  assert.is(seoul, Date.UTC(2026, 0, 2));
});

test.run();
