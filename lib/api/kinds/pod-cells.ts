// The row of a pod in a Table (pkg/printers/internalversion/printers.go).
import { isPodTerminal, isSidecar, podCondition } from '../pod-helpers.ts';
import type { Column } from '../resource.ts';
import type { ContainerStatus, KubeObject, Pod } from '../types.ts';
import type { Version } from '../version.ts';
import { age, ageColumn, column, nameColumn, since, wide } from './cells.ts';

export const podColumns = (version: Version): Column[] => [
  nameColumn,
  column('Ready'),
  column('Status'),
  column('Restarts', version.has('restarts-ago') ? 'string' : 'integer'),
  ageColumn,
  wide('IP'),
  wide('Node'),
  wide('Nominated Node'),
  wide('Readiness Gates'),
];

/** What the row tells of the containers, collected while walking their statuses. */
interface Summary {
  reason: string;
  ready: number;
  total: number;
  restarts: number;
  /** When a container ended last; '' when none has. */
  lastRestart: string;
}

type Terminated = NonNullable<NonNullable<ContainerStatus['state']>['terminated']>;
const endReason = ({ reason, signal, exitCode }: Terminated) => reason || (signal ? `Signal:${signal}` : `ExitCode:${exitCode}`);

function count(summary: Summary, status: ContainerStatus): void {
  summary.restarts += status.restartCount;
  const ended = status.lastState?.terminated?.finishedAt;
  if (ended && ended > summary.lastRestart) summary.lastRestart = ended;
}

/** Walks the init containers; true while one of them holds the others back. */
function initializing(pod: Pod, summary: Summary, sidecars: Summary, version: Version): boolean {
  const specs = pod.spec.initContainers ?? [];
  const statuses = pod.status.initContainerStatuses ?? [];
  for (let i = 0; i < statuses.length; i++) {
    const status = statuses[i]!;
    const sidecar = version.has('sidecar-containers') && isSidecar(specs.find(({ name }) => name === status.name));
    count(summary, status);
    if (sidecar) count(sidecars, status);
    const { terminated, waiting } = status.state ?? {};
    if (terminated?.exitCode === 0) continue;
    if (sidecar && status.started) {
      if (status.ready) summary.ready++;
      continue;
    }
    if (terminated) summary.reason = `Init:${endReason(terminated)}`;
    else if (waiting?.reason && waiting.reason !== 'PodInitializing') summary.reason = `Init:${waiting.reason}`;
    else summary.reason = `Init:${i}/${specs.length}`;
    return true;
  }
  return false;
}

function mainContainers(pod: Pod, summary: Summary): void {
  const statuses = pod.status.containerStatuses ?? [];
  let running = false;
  for (let i = statuses.length - 1; i >= 0; i--) {
    const status = statuses[i]!;
    count(summary, status);
    const { waiting, terminated, running: runs } = status.state ?? {};
    if (waiting?.reason) summary.reason = waiting.reason;
    else if (terminated) summary.reason = endReason(terminated);
    else if (status.ready && runs) {
      running = true;
      summary.ready++;
    }
  }
  // One container has completed, another still runs.
  if (summary.reason === 'Completed' && running) summary.reason = podCondition(pod, 'Ready')?.status === 'True' ? 'Running' : 'NotReady';
}

/** READY, STATUS and RESTARTS of a pod. */
function summarize(pod: Pod, version: Version): Summary {
  const summary: Summary = { reason: pod.status.reason || pod.status.phase || '', ready: 0, total: pod.spec.containers?.length ?? 0, restarts: 0, lastRestart: '' };
  const sidecars: Summary = { ...summary };
  if (version.has('scheduling-gates') && podCondition(pod, 'PodScheduled')?.reason === 'SchedulingGated') summary.reason = 'SchedulingGated';
  const hasSidecars = version.has('sidecar-containers');
  if (hasSidecars) for (const container of pod.spec.initContainers ?? []) if (isSidecar(container)) summary.total++;
  if (!initializing(pod, summary, sidecars, version) || (hasSidecars && podCondition(pod, 'Initialized')?.status === 'True')) {
    [summary.restarts, summary.lastRestart] = [sidecars.restarts, sidecars.lastRestart];
    mainContainers(pod, summary);
  }
  if (!pod.metadata.deletionTimestamp) return summary;
  if (pod.status.reason === 'NodeLost') summary.reason = 'Unknown';
  else if (!isPodTerminal(pod) || !version.has('terminal-pods-not-terminating')) summary.reason = 'Terminating';
  return summary;
}

function restartsCell({ restarts, lastRestart }: Summary, now: number, version: Version): string | number {
  if (!version.has('restarts-ago')) return restarts;
  return restarts > 0 && lastRestart ? `${restarts} (${since(lastRestart, now)} ago)` : String(restarts);
}

function gatesCell(pod: Pod): string {
  const gates = pod.spec.readinessGates ?? [];
  if (gates.length === 0) return '<none>';
  const passed = gates.filter(({ conditionType }) => podCondition(pod, conditionType)?.status === 'True');
  return `${passed.length}/${gates.length}`;
}

export function podCells(object: KubeObject, now: number, version: Version): (string | number)[] {
  const pod = object as Pod;
  const summary = summarize(pod, version);
  return [
    pod.metadata.name,
    `${summary.ready}/${summary.total}`,
    summary.reason,
    restartsCell(summary, now, version),
    age(object, now),
    pod.status.podIPs?.[0]?.ip || pod.status.podIP || '<none>',
    pod.spec.nodeName || '<none>',
    pod.status.nominatedNodeName || '<none>',
    gatesCell(pod),
  ];
}
