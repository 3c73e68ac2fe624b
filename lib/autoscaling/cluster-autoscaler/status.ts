// The ConfigMap in which the cluster autoscaler tells how it is (cluster-autoscaler/clusterstate/utils/status.go, api/types.go).
import type { Client } from '../../client/index.ts';
import type { ClusterState } from './cluster-state.ts';
import type { NodeGroup } from './types.ts';

interface Condition {
  status: string;
  /** Milliseconds. */
  since: number;
}

interface Counts {
  registered: number;
  ready: number;
  unready: number;
  notStarted: number;
  beingDeleted: number;
  longUnregistered: number;
  unregistered: number;
}

interface Section {
  group?: NodeGroup;
  counts: Counts;
  candidates: number;
  health: Condition;
  scaleUp: Condition;
  scaleDown: Condition;
}

export interface Report {
  client: Client;
  state: ClusterState;
  /** Group of each node that is unneeded. */
  candidates: readonly string[];
}

const goTime = (ms: number) => `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')}${fraction(ms)} +0000 UTC`;
const rfc3339 = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}${fraction(ms)}Z`;
const fraction = (ms: number) => (ms % 1000 === 0 ? '' : `.${String(ms % 1000).padStart(3, '0').replace(/0+$/, '')}`);

/** Remembers since when each condition is as it is. */
export class StatusText {
  readonly #since = new Map<string, Condition>();

  of(report: Report): string {
    const { client, state, candidates } = report;
    const { now } = client.clock;
    const whole = this.#section('', { ...report, groups: state.groups, candidates: candidates.length });
    const groups = state.groups.map((group) => ({ ...this.#section(group.id, { ...report, groups: [group], candidates: candidates.filter((id) => id === group.id).length }), group }));
    return client.version.has('autoscaler-yaml-status') ? yaml(whole, groups, now) : text(whole, groups, now);
  }

  #section(id: string, { client, state, groups, candidates }: Omit<Report, 'candidates'> & { groups: readonly NodeGroup[]; candidates: number }): Section {
    const condition = (type: string, status: string): Condition => {
      const key = `${id} ${type}`;
      const before = this.#since.get(key);
      const now = before?.status === status ? before : { status, since: client.clock.now };
      this.#since.set(key, now);
      return now;
    };
    const growing = groups.some((group) => state.inProgress(group.id));
    const scaleUp = id && state.backedOff(id) ? 'Backoff' : growing ? 'InProgress' : 'NoActivity';
    return {
      counts: countsOf(state, groups),
      candidates,
      health: condition('Health', state.healthy ? 'Healthy' : 'Unhealthy'),
      scaleUp: condition('ScaleUp', scaleUp),
      scaleDown: condition('ScaleDown', candidates > 0 ? 'CandidatesPresent' : 'NoCandidates'),
    };
  }
}

function countsOf(state: ClusterState, groups: readonly NodeGroup[]): Counts {
  const sum = (...parts: (keyof NonNullable<ReturnType<typeof state.counts.get>>)[]) => groups.reduce((total, { id }) => total + parts.reduce((n, part) => n + state.counts.get(id)![part].length, 0), 0);
  return { registered: sum('ready', 'unready', 'notStarted', 'beingDeleted'), ready: sum('ready'), unready: sum('unready'), notStarted: sum('notStarted'), beingDeleted: sum('beingDeleted'), longUnregistered: sum('longUnregistered'), unregistered: sum('unregistered') };
}

/** Since v1.30 it is YAML. */
function yaml(whole: Section, groups: readonly (Section & { group: NodeGroup })[], now: number): string {
  const lines = [`time: ${goTime(now)}`, 'autoscalerStatus: Running', 'clusterWide:', ...indent(section(whole, now)), 'nodeGroups:'];
  for (const group of groups) lines.push(`- name: ${group.group.id}`, ...indent(section(group, now)));
  return `${lines.join('\n')}\n`;
}

const indent = (lines: readonly string[], by = '  ') => lines.map((line) => by + line);

function section({ group, counts, candidates, health, scaleUp, scaleDown }: Section, now: number): string[] {
  const { registered, ready, notStarted, beingDeleted, unready, longUnregistered, unregistered } = counts;
  const times = ({ since }: Condition) => [`lastProbeTime: "${rfc3339(now)}"`, `lastTransitionTime: "${rfc3339(since)}"`];
  const nodes = [`total: ${registered}`, `ready: ${ready}`, `notStarted: ${notStarted}`, ...(beingDeleted ? [`beingDeleted: ${beingDeleted}`] : []), ...(unready ? ['unready:', `  total: ${unready}`, '  resourceUnready: 0'] : [])];
  const sizes = group ? [`cloudProviderTarget: ${group.targetSize}`, `minSize: ${group.minSize}`, `maxSize: ${group.maxSize}`] : [];
  return [
    'health:',
    ...indent([`status: ${health.status}`, 'nodeCounts:', ...indent(['registered:', ...indent(nodes), `longUnregistered: ${longUnregistered}`, `unregistered: ${unregistered}`]), ...sizes, ...times(health)]),
    'scaleUp:',
    ...indent([`status: ${scaleUp.status}`, ...times(scaleUp)]),
    'scaleDown:',
    ...indent([`status: ${scaleDown.status}`, ...(candidates ? [`candidates: ${candidates}`] : []), ...times(scaleDown)]),
  ];
}

function text(whole: Section, groups: readonly (Section & { group: NodeGroup })[], now: number): string {
  const lines = [`Cluster-autoscaler status at ${goTime(now)}:`, 'Cluster-wide:', ...paragraph(whole, now), '', 'NodeGroups:'];
  for (const group of groups) lines.push(`  Name:        ${group.group.id}`, ...paragraph(group, now), '');
  return `${lines.join('\n')}\n`;
}

function paragraph({ group, counts, candidates, health, scaleUp, scaleDown }: Section, now: number): string[] {
  const { registered, ready, notStarted, unready, longUnregistered } = counts;
  const sizes = group ? ` cloudProviderTarget=${group.targetSize} (minSize=${group.minSize}, maxSize=${group.maxSize})` : '';
  const line = (name: string, { status, since }: Condition, what: string) => [`  ${`${name}:`.padEnd(13)}${status} (${what})`, ...indent([`LastProbeTime:      ${goTime(now)}`, `LastTransitionTime: ${goTime(since)}`], ' '.repeat(15))];
  return [
    ...line('Health', health, `ready=${ready} unready=${unready} notStarted=${notStarted} longNotStarted=0 registered=${registered} longUnregistered=${longUnregistered}${sizes}`),
    ...line('ScaleUp', scaleUp, `ready=${ready} ${group ? `cloudProviderTarget=${group.targetSize}` : `registered=${registered}`}`),
    ...line('ScaleDown', scaleDown, `candidates=${candidates}`),
  ];
}
