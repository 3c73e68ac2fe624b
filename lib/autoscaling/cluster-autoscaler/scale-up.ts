// Which group is to grow, and by how much (cluster-autoscaler/core/scaleup/orchestrator, estimator).
import { bytes, cpuMilli, type Pod, podRequests } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import type { ClusterState } from './cluster-state.ts';
import { bestOption, type Option } from './expander.ts';
import type { Flags } from './flags.ts';
import { type Template, templateOf } from './templates.ts';
import type { NodeGroup, Simulation } from './types.ts';

export interface ScaleUpParts {
  client: Client;
  flags: Flags;
  state: ClusterState;
  /** Is afterwards as before. */
  simulation: Simulation;
}

export interface Plan {
  /** Missing: no group would help. */
  best?: Option | undefined;
  /** Pod → why each group was refused, or not asked. */
  reasons: Map<Pod, string[]>;
}

/** `room`: how many nodes more the cluster may have. */
export function planScaleUp(pods: readonly Pod[], { room = Infinity, ...parts }: ScaleUpParts & { room?: number }): Plan {
  const { client, flags, state } = parts;
  const reasons = new Map(pods.map((pod) => [pod, [] as string[]]));
  const skipped: string[] = [];
  const options: Option[] = [];
  for (const group of state.groups) {
    const skip = skippedReason(group, state);
    if (skip) {
      skipped.push(skip);
      continue;
    }
    const template = templateOf(group, parts);
    const limit = Math.min(group.maxSize - group.targetSize, flags['max-nodes-per-scaleup'], room);
    const option = estimate(group, { ...parts, pods: schedulable(pods, { ...parts, group, template, reasons }), template, limit });
    if (option.count > 0) options.push(option);
  }
  for (const list of reasons.values()) list.push(...skipped);
  return { best: bestOption(options, { expander: flags.expander, random: client.random, version: client.version }), reasons };
}

function skippedReason({ id, targetSize, maxSize }: NodeGroup, state: ClusterState): string | undefined {
  if (state.backedOff(id)) return 'in backoff after failed scale-up';
  return targetSize >= maxSize ? 'max node group size reached' : undefined;
}

interface Question extends ScaleUpParts {
  group: NodeGroup;
  template: Template;
}

/** Those that fit on an empty machine of the group. */
function schedulable(pods: readonly Pod[], { group, template, reasons, simulation }: Question & { reasons: Map<Pod, string[]> }): Pod[] {
  const name = `template-node-for-${group.id}`;
  simulation.addNode(template.node(name), template.pods(name));
  const fitting = pods.filter((pod) => {
    const refusal = simulation.refusal(pod, name);
    if (refusal) reasons.get(pod)!.push(...refusal);
    return !refusal;
  });
  simulation.removeNode(name);
  return fitting;
}

/** Packs the pods, the greatest first, onto as few new machines as it can. */
function estimate(group: NodeGroup, { pods, template, limit, client, simulation }: Omit<Question, 'group'> & { pods: readonly Pod[]; limit: number }): Option {
  const sample = template.node('sample');
  const added: { name: string; pods: number }[] = [];
  const placed: Pod[] = [];
  const put = (pod: Pod, node: { name: string; pods: number }) => {
    if (simulation.refusal(pod, node.name)) return false;
    simulation.place(pod, node.name);
    node.pods++;
    placed.push(pod);
    return true;
  };
  for (const pod of bySize(pods, sample.status.allocatable!, client)) {
    if (added.some((node) => put(pod, node))) continue;
    // Another empty machine would help no more than the last one did.
    if (added.at(-1)?.pods === 0 || added.length >= limit) continue;
    const node = { name: `template-node-for-${group.id}-estimator-${added.length}`, pods: 0 };
    added.push(node);
    simulation.addNode(template.node(node.name), template.pods(node.name));
    put(pod, node);
  }
  for (const { name } of added) simulation.removeNode(name);
  return { group, pods: placed, count: added.filter((node) => node.pods > 0).length, allocatable: sample.status.allocatable! };
}

function bySize(pods: readonly Pod[], allocatable: Record<string, string>, { version }: Client): Pod[] {
  const [cpu, memory] = [cpuMilli(allocatable['cpu']), bytes(allocatable['memory'])];
  const size = (pod: Pod) => {
    const requests = podRequests(pod, version);
    return (requests['cpu']?.milliValue() ?? 0) / cpu + (requests['memory']?.value() ?? 0) / memory;
  };
  return pods.map((pod) => ({ pod, size: size(pod) })).sort((a, b) => b.size - a.size).map(({ pod }) => pod);
}
