// The cluster autoscaler: machines come when pods have no place, and go when nobody needs them
// (cluster-autoscaler/core/static_autoscaler.go).
// Differs from Kubernetes: it takes no leader's lease, knows no GPUs and no ProvisioningRequests, and does not balance similar groups.
import { type Pod } from '../../api/index.ts';
import type { CacheEvent, Client, Controller, Key } from '../../client/index.ts';
import { forMapped } from '../../client/index.ts';
import type { Node } from '../../api/index.ts';
import { ClusterState } from './cluster-state.ts';
import { Deletions } from './deletions.ts';
import type { Flags } from './flags.ts';
import { unschedulablePods, withoutPlace } from './pending.ts';
import { Planner } from './scale-down.ts';
import { planScaleUp } from './scale-up.ts';
import { StatusMap } from './status-map.ts';
import { StatusText } from './status.ts';
import { addTaint, deletionCandidate, isTainted, removeTaint, toBeDeleted } from './taints.ts';
import { templateOf } from './templates.ts';
import type { NodeGroup, NodeGroups, Simulate, Simulation } from './types.ts';

export interface AutoscalerOptions {
  groups: NodeGroups;
  simulate: Simulate;
  flags: Flags;
}

const scan: Key = { name: ':scan' };

export function clusterAutoscaler(client: Client, { groups, simulate, flags }: AutoscalerOptions): Controller {
  const hourAgo = client.clock.now - 3_600_000;
  const last = { scaleUp: hourAgo, deleted: hourAgo, failed: hourAgo };
  const state = new ClusterState(client, flags);
  const planner = new Planner({ client, flags, state });
  const [statusMap, statusText] = [new StatusMap(client, { namespace: flags.namespace, name: flags['status-config-map-name'] }), new StatusText()];
  const say = statusMap.event.bind(statusMap);
  const deletions = new Deletions({ client, flags, groups, say, ended: (result) => void (last[result] = client.clock.now) });
  let next = client.clock.now;

  return {
    name: 'cluster-autoscaler',
    watches: [forMapped('Node', ({ object, type }: CacheEvent<Node>) => [...(type === 'ADDED' ? [scan] : []), ...(isTainted(object, toBeDeleted) ? [{ name: object.metadata.name }] : [])])],
    start() {
      client.cache('Pod').index('node', ({ spec }) => [spec.nodeName ?? '']);
    },
    reconcile(key) {
      if (key.name !== scan.name) return deletions.step(key.name);
      const { now } = client.clock;
      if (now >= next) {
        next = now + flags['scan-interval'];
        runOnce();
      }
      return { requeueAfter: next - now };
    },
  };

  function runOnce(): void {
    state.update(ownGroups(groups, flags));
    if (flags['write-status-configmap']) statusMap.write(statusText.of({ client, state, candidates: [...planner.unneeded.values()].map(({ removal }) => state.groupOf(removal.node)?.id ?? '') }));
    removeLost();
    for (const group of state.overdue()) {
      say('Warning', 'ScaleUpTimedOut', `Nodes added to group ${group} failed to register within ${goDuration(flags['max-node-provision-time'])}`);
      state.failed(group);
    }
    if (!state.healthy) return say('Warning', 'ClusterUnhealthy', 'Cluster is unhealthy');
    const simulation = withUpcoming();
    const pods = withoutPlace(unschedulablePods(client, flags), simulation);
    if (toMinSize() || scaleUp(pods, simulation)) last.scaleUp = client.clock.now;
    else if (flags['scale-down-enabled']) scaleDown(simulation);
  }

  /** The cluster, with the machines that are on their way as if they were there. */
  function withUpcoming(): Simulation {
    const starting = new Set([...state.counts.values()].flatMap(({ notStarted }) => notStarted));
    const simulation = simulate([...client.cache('Node')].filter((node) => !starting.has(node)), client.cache('Pod'));
    for (const group of state.groups) {
      const count = state.upcoming(group);
      const template = count > 0 ? templateOf(group, { client, state, simulation }) : undefined;
      for (let i = 0; i < count; i++) {
        const name = `template-node-for-${group.id}-upcoming-${i}`;
        simulation.addNode(template!.node(name), template!.pods(name));
      }
    }
    return simulation;
  }

  /** True when machines were ordered, or could not be. */
  function scaleUp(pods: readonly Pod[], simulation: Simulation): boolean {
    if (pods.length === 0) return false;
    const total = client.cache('Node').size + state.groups.reduce((sum, group) => sum + state.upcoming(group), 0);
    const room = flags['max-nodes-total'] > 0 ? flags['max-nodes-total'] - total : Infinity;
    if (room <= 0) return notTriggered(pods, () => 'max total nodes in cluster reached');
    const { best, reasons } = planScaleUp(pods, { client, flags, state, simulation, room });
    if (!best) return notTriggered(pods, (pod) => counted(reasons.get(pod)!));
    const { group, count } = best;
    if (!order(group, count)) return true;
    for (const pod of best.pods) client.event(pod, 'Normal', 'TriggeredScaleUp', `pod triggered scale-up: [{${group.id} ${group.targetSize}->${group.targetSize + count} (max: ${group.maxSize})}]`);
    return true;
  }

  function notTriggered(pods: readonly Pod[], why: (pod: Pod) => string): false {
    for (const pod of pods) client.event(pod, 'Normal', 'NotTriggerScaleUp', `pod didn't trigger scale-up: ${why(pod)}`);
    return false;
  }

  function order(group: NodeGroup, count: number): boolean {
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
  function toMinSize(): boolean {
    const small = flags['enforce-node-group-min-size'] ? state.groups.filter(({ id, targetSize, minSize }) => targetSize < minSize && !state.backedOff(id)) : [];
    return small.map((group) => order(group, group.minSize - group.targetSize)).some(Boolean);
  }

  function scaleDown(simulation: Simulation): void {
    planner.update(simulation);
    const { now } = client.clock;
    const cooling = last.scaleUp + flags['scale-down-delay-after-add'] > now || last.failed + flags['scale-down-delay-after-failure'] > now || last.deleted + flags['scale-down-delay-after-delete'] > now;
    if (!cooling) deletions.start(planner.removable(deletions.inGroup).map((removal) => ({ ...removal, group: state.groupOf(removal.node)!.id })));
    for (const node of [...client.cache('Node')]) {
      if (!state.groupOf(node) || isTainted(client.get('Node', node.metadata), toBeDeleted)) continue;
      if (!planner.unneeded.has(node.metadata.name)) removeTaint(client, node.metadata.name, deletionCandidate);
      else addTaint(client, node.metadata.name, { key: deletionCandidate, effect: 'PreferNoSchedule' });
    }
  }

  /** Machines that should have joined long ago are given back; the group keeps its smallest size. */
  function removeLost(): void {
    for (const group of state.groups) {
      const { longUnregistered } = state.counts.get(group.id)!;
      for (const providerID of longUnregistered.slice(0, Math.max(0, group.targetSize - group.minSize))) {
        try {
          groups.deleteNodes(group.id, [providerID]);
          say('Normal', 'DeleteUnregistered', `Removed unregistered node ${providerID}`);
        } catch (error) {
          say('Warning', 'DeleteUnregisteredFailed', `Failed to remove node ${providerID}: ${(error as Error).message}`);
        }
      }
    }
  }
}

/** Those that `--nodes` names, with its sizes; without it all of the cloud's. */
function ownGroups(groups: NodeGroups, { nodes }: Flags): NodeGroup[] {
  const all = groups.list();
  if (nodes.length === 0) return [...all];
  return nodes.flatMap(({ id, min, max }) => all.filter((group) => group.id === id).map((group) => ({ ...group, minSize: min, maxSize: max })));
}

/** `1 Insufficient cpu, 2 max node group size reached`. Differs from Kubernetes: there they come in any order. */
function counted(reasons: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => `${count} ${reason}`).join(', ');
}

/** As Go prints it: `15m0s`. */
function goDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${h > 0 ? `${h}h` : ''}${seconds >= 60 ? `${m}m` : ''}${s}s`;
}
