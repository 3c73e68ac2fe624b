// A cluster as lines of text.
import type { ClusterModel, NodeBox, PodBox } from './model.ts';
import { looks, type PodState } from './pod-state.ts';

/** More pods than this on one node are counted, not listed. */
const listed = 12;

function podLine(pod: PodBox, width: number): string {
  const restarts = pod.restarts > 0 ? `  재시작 ${pod.restarts}회` : '';
  return `  ${looks[pod.state].mark} ${pod.name.padEnd(width)}  ${pod.reason}${pod.ip ? `  ${pod.ip}` : ''}${restarts}`.trimEnd();
}

function podLines(pods: readonly PodBox[]): string[] {
  const width = Math.max(0, ...pods.slice(0, listed).map(({ name }) => name.length));
  if (pods.length <= listed) return pods.map((pod) => podLine(pod, width));
  return [`  ${countsOf(pods)}`];
}

/** `● 120  ○ 3` */
function countsOf(pods: readonly PodBox[]): string {
  const counts = new Map<PodState, number>();
  for (const { state } of pods) counts.set(state, (counts.get(state) ?? 0) + 1);
  return (Object.keys(looks) as PodState[]).filter((state) => counts.has(state)).map((state) => `${looks[state].mark} ${counts.get(state)}`).join('  ');
}

function nodeTitle({ name, ready, cordoned, controlPlane, pods }: NodeBox, width: number): string {
  const status = `${ready ? 'Ready' : 'NotReady'}${cordoned ? ', 스케줄링 막음' : ''}`;
  return `${name.padEnd(width)}  ${status}${controlPlane ? '  컨트롤 플레인' : ''}  파드 ${pods.length}개`;
}

export function clusterText({ title, nodes, waiting, services }: ClusterModel): string {
  const width = Math.max(0, ...nodes.map(({ name }) => name.length));
  const lines: string[] = title ? [title] : [];
  for (const node of nodes) lines.push(nodeTitle(node, width), ...podLines(node.pods));
  if (waiting.length > 0) lines.push(`노드를 기다리는 파드 ${waiting.length}개`, ...podLines(waiting));
  for (const { name, address, pods } of services) lines.push(`서비스 ${name}  ${address}  → ${pods.length > 0 ? `파드 ${pods.length}개` : '파드 없음'}`);
  const present = new Set([...nodes.flatMap((node) => node.pods), ...waiting].map(({ state }) => state));
  if (present.size > 0) lines.push((Object.keys(looks) as PodState[]).filter((state) => present.has(state)).map((state) => `${looks[state].mark} ${looks[state].label}`).join('  '));
  return lines.join('\n');
}
