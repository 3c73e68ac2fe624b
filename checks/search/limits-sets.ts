// A StatefulSet has one pod an ordinal, in order; a DaemonSet has one pod a node.
import { type DaemonSet, type Node, type Pod, podAvailable, type StatefulSet } from '../../lib/api/index.ts';
import { targetNode } from '../../lib/controllers/daemon-set/daemon-pod.ts';
import { controllerOf } from '../../lib/controllers/shared/owners.ts';
import { healthy } from './facts.ts';
import type { Judge, Rule } from './limits.ts';
import { keptOff } from './placement.ts';

const ordinalOf = (name: string) => Number(name.slice(name.lastIndexOf('-') + 1));

export function statefulSetLimits({ facts, world, wrong }: Judge): Rule {
  const find = (name: string) => facts.pods().find(({ metadata }) => metadata.name === name);
  /** Healthy, or so lately that the controller may not know better. */
  const seemsHealthy = (name: string) => healthy(find(name)) || facts.lostHealth(name) >= world.horizon();

  function made({ metadata: { name, uid }, spec }: StatefulSet, pod: Pod): void {
    const ordinal = ordinalOf(pod.metadata.name);
    if (ordinal >= facts.most(uid, 'replicas')) wrong(`StatefulSet ${name} made pod ${ordinal} of at most ${facts.most(uid, 'replicas')}`);
    if (spec.podManagementPolicy === 'Parallel') return;
    for (let lower = 0; lower < ordinal; lower++) if (!seemsHealthy(`${name}-${lower}`)) wrong(`StatefulSet ${name} made pod ${ordinal} before pod ${lower} was ready`);
  }

  function deleted({ metadata: { name, uid }, spec }: StatefulSet, pod: Pod): void {
    const ordinal = ordinalOf(pod.metadata.name);
    if (!healthy(pod)) return;
    const [least, most] = [facts.least(uid, 'replicas'), facts.most(uid, 'replicas')];
    if (ordinal >= least) {
      const higher = facts.pods().find((one) => controllerOf(one)?.uid === uid && ordinalOf(one.metadata.name) > ordinal);
      if (least === most && higher && spec.podManagementPolicy !== 'Parallel') wrong(`StatefulSet ${name} removed pod ${ordinal} before ${higher.metadata.name}`);
      return;
    }
    if (ordinal < facts.least(uid, 'partition')) return wrong(`StatefulSet ${name} took pod ${ordinal} down, below its partition`);
    for (let other = 0; other < least; other++) {
      const ordered = other > ordinal || spec.podManagementPolicy !== 'Parallel';
      if (other !== ordinal && ordered && !seemsHealthy(`${name}-${other}`)) wrong(`StatefulSet ${name} took pod ${ordinal} down while pod ${other} was not ready`);
    }
  }

  return ({ request: { verb }, who, before, after }) => {
    if (who !== 'statefulset-controller') return;
    const pod = verb === 'create' ? after : verb === 'delete' ? before : undefined;
    const set = pod?.kind === 'Pod' && facts.objects('StatefulSet').find(({ metadata }) => metadata.uid === controllerOf(pod)?.uid);
    if (set) (verb === 'create' ? made : deleted)(set as StatefulSet, pod as Pod);
  };
}

export function daemonSetLimits({ facts, world, wrong }: Judge): Rule {
  function made({ metadata: { name, uid }, spec }: DaemonSet, made: Pod): void {
    const node = targetNode(made);
    const here = facts.countedOf({ uid }).filter((pod) => targetNode(pod) === node).length;
    const most = spec.updateStrategy.rollingUpdate?.maxSurge === 1 ? 2 : 1;
    if (here > most) wrong(`DaemonSet ${name} has ${here} pods on ${node}, at most ${most} are allowed`);
  }

  /** With surge, 0 may be missing. */
  function deleted({ metadata: { name, uid }, spec }: DaemonSet, gone: Pod): void {
    const available = (pod: Pod, at = world.now) => podAvailable(pod, spec.minReadySeconds ?? 0, at);
    // One that nobody could know to be available was free to go.
    if (!available(gone, world.horizon()) || facts.disturbed(name, 'daemon-set-controller') >= world.horizon()) return;
    const nodes = facts.objects('Node') as Node[];
    if (nodes.some(({ metadata: { uid: of } }) => facts.most(of, 'taints') !== facts.least(of, 'taints'))) return;
    const open = nodes.filter((node) => !keptOff(gone, node)).map(({ metadata }) => metadata.name);
    const served = new Set(facts.activeOf({ uid }).filter((pod) => available(pod)).map(targetNode));
    if (served.has(targetNode(gone))) return;
    const without = open.filter((node) => !served.has(node)).length;
    const { maxUnavailable = 1 } = spec.updateStrategy.rollingUpdate ?? {};
    const most = typeof maxUnavailable === 'string' ? Math.ceil((parseInt(maxUnavailable, 10) * open.length) / 100) : maxUnavailable;
    if (without > most) wrong(`DaemonSet ${name} does not serve on ${without} nodes, at most ${most} may be without`);
  }

  return ({ request: { verb }, who, before, after }) => {
    if (who !== 'daemon-set-controller') return;
    const pod = verb === 'create' ? after : verb === 'delete' ? before : undefined;
    const set = pod?.kind === 'Pod' && facts.objects('DaemonSet').find(({ metadata }) => metadata.uid === controllerOf(pod)?.uid);
    if (set) (verb === 'create' ? made : deleted)(set as DaemonSet, pod as Pod);
  };
}
