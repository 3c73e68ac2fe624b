// The cluster autoscaler: machines come when pods have no place, and go when nobody needs them
// (cluster-autoscaler/core/static_autoscaler.go).
// Differs from Kubernetes: it takes no leader's lease, knows no GPUs and no ProvisioningRequests, and does not balance similar groups.
import type { Node } from '../../api/index.ts';
import type { CacheEvent, Client, Controller, Key } from '../../client/index.ts';
import { forMapped } from '../../client/index.ts';
import { ClusterState } from './cluster-state.ts';
import { Deletions } from './deletions.ts';
import type { Flags } from './flags.ts';
import { unschedulablePods, withoutPlace } from './pending.ts';
import { Orchestrator } from './orchestrator.ts';
import { Planner } from './scale-down.ts';
import { StatusMap } from './status-map.ts';
import { StatusText } from './status.ts';
import { addTaint, deletionCandidate, isTainted, removeTaint, toBeDeleted } from './taints.ts';
import { templateOf } from './templates.ts';
import type { Log, NodeGroup, NodeGroups, Say, Simulate, Simulation } from './types.ts';

export interface AutoscalerOptions {
  groups: NodeGroups;
  simulate: Simulate;
  flags: Flags;
  log?: Log;
}

const scan: Key = { name: ':scan' };

export function clusterAutoscaler(client: Client, { groups, simulate, flags, log = () => {} }: AutoscalerOptions): Controller {
  const hourAgo = client.clock.now - 3_600_000;
  const last = { scaleUp: hourAgo, deleted: hourAgo, failed: hourAgo };
  const state = new ClusterState(client, flags);
  const planner = new Planner({ client, flags, state });
  const [statusMap, statusText] = [new StatusMap(client, { namespace: flags.namespace, name: flags['status-config-map-name'] }), new StatusText()];
  const say: Say = (type, reason, message) => {
    log('event.go:377', `Event(v1.ObjectReference{Kind:"ConfigMap", Namespace:${JSON.stringify(flags.namespace)}, Name:${JSON.stringify(flags['status-config-map-name'])}}): type: '${type}' reason: '${reason}' ${message}`);
    statusMap.event(type, reason, message);
  };
  const deletions = new Deletions({ client, flags, groups, say, ended: (result) => void (last[result] = client.clock.now) });
  const orchestrator = new Orchestrator({ client, flags, state, groups, say, log });
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
    if (orchestrator.toMinSize() || orchestrator.scaleUp(pods, simulation)) last.scaleUp = client.clock.now;
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

  function scaleDown(simulation: Simulation): void {
    planner.update(simulation);
    const { now } = client.clock;
    const cooling = last.scaleUp + flags['scale-down-delay-after-add'] > now || last.failed + flags['scale-down-delay-after-failure'] > now || last.deleted + flags['scale-down-delay-after-delete'] > now;
    if (!cooling) deletions.start(planner.removable(deletions.inGroup).map((removal) => ({ ...removal, group: state.groupOf(removal.node)!.id })));
    for (const node of [...client.cache('Node')]) {
      const { name } = node.metadata;
      const wanted = planner.unneeded.has(name);
      if (!state.groupOf(node) || deletions.has(name) || isTainted(node, toBeDeleted) || isTainted(node, deletionCandidate) === wanted) continue;
      if (wanted) addTaint(client, name, { key: deletionCandidate, effect: 'PreferNoSchedule' });
      else removeTaint(client, name, deletionCandidate);
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

/** As Go prints it: `15m0s`. */
function goDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${h > 0 ? `${h}h` : ''}${seconds >= 60 ? `${m}m` : ''}${s}s`;
}
