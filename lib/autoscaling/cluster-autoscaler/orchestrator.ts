// Carries a scale-up out, and tells the pods (cluster-autoscaler/core/scaleup/orchestrator, processors/status).
import type { Pod } from '../../api/index.ts';
import type { Client } from '../../client/index.ts';
import type { ClusterState } from './cluster-state.ts';
import type { Flags } from './flags.ts';
import { planScaleUp } from './scale-up.ts';
import type { Log, NodeGroup, NodeGroups, Say, Simulation } from './types.ts';

export interface OrchestratorParts {
  client: Client;
  flags: Flags;
  state: ClusterState;
  groups: NodeGroups;
  say: Say;
  log: Log;
}

export class Orchestrator {
  readonly #parts: OrchestratorParts;

  constructor(parts: OrchestratorParts) {
    this.#parts = parts;
  }

  /** True when machines were ordered, or could not be. */
  scaleUp(pods: readonly Pod[], simulation: Simulation): boolean {
    const { client, flags, state, log } = this.#parts;
    if (pods.length === 0) {
      log('static_autoscaler.go:554', 'No unschedulable pods');
      return false;
    }
    for (const { metadata } of pods) log('klogx.go:87', `Pod ${metadata.namespace}/${metadata.name} is unschedulable`);
    const total = client.cache('Node').size + state.groups.reduce((sum, group) => sum + state.upcoming(group), 0);
    const room = flags['max-nodes-total'] > 0 ? flags['max-nodes-total'] - total : Infinity;
    if (room <= 0) return this.#notTriggered(pods, () => 'max total nodes in cluster reached');
    const { best, reasons } = planScaleUp(pods, { client, flags, state, simulation, room });
    if (!best) return this.#notTriggered(pods, (pod) => counted(reasons.get(pod)!));
    const { group, count } = best;
    log('orchestrator.go:185', `Best option to resize: ${group.id}`);
    log('orchestrator.go:189', `Estimated ${count} nodes needed in ${group.id}`);
    if (!this.#order(group, count)) return true;
    for (const pod of best.pods) client.event(pod, 'Normal', 'TriggeredScaleUp', `pod triggered scale-up: [{${group.id} ${group.targetSize}->${group.targetSize + count} (max: ${group.maxSize})}]`);
    return true;
  }

  #notTriggered(pods: readonly Pod[], why: (pod: Pod) => string): false {
    const { client, log } = this.#parts;
    log('orchestrator.go:172', 'No expansion options');
    for (const pod of pods) client.event(pod, 'Normal', 'NotTriggerScaleUp', `pod didn't trigger scale-up: ${why(pod)}`);
    return false;
  }

  #order(group: NodeGroup, count: number): boolean {
    const { groups, state, say } = this.#parts;
    const size = group.targetSize + count;
    say('Normal', 'ScaledUpGroup', `Scale-up: setting group ${group.id} size to ${size} instead of ${group.targetSize} (max: ${group.maxSize})`);
    try {
      groups.increaseSize(group.id, count);
    } catch (error) {
      say('Warning', 'FailedToScaleUpGroup', `Scale-up failed for group ${group.id}: ${(error as Error).message}`);
      state.failed(group.id);
      return false;
    }
    state.requested(group.id, count);
    say('Normal', 'ScaledUpGroup', `Scale-up: group ${group.id} size set to ${size} instead of ${group.targetSize} (max: ${group.maxSize})`);
    return true;
  }

  /** Machines that somebody gave back beside the autoscaler come again, where it was told so. */
  toMinSize(): boolean {
    const { flags, state } = this.#parts;
    const small = flags['enforce-node-group-min-size'] ? state.groups.filter(({ id, targetSize, minSize }) => targetSize < minSize && !state.backedOff(id)) : [];
    return small.map((group) => this.#order(group, group.minSize - group.targetSize)).some(Boolean);
  }
}

/** `1 Insufficient cpu, 2 max node group size reached`. Differs from Kubernetes: there they come in any order. */
function counted(reasons: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => `${count} ${reason}`).join(', ');
}
