// What no component may do on the way, judged at each write from what the store holds.
import { cpuMilli, type Pod } from '../../lib/api/index.ts';
import { controllerOf } from '../../lib/controllers/shared/owners.ts';
import { appOf, createFacts, type Facts, healthy } from './facts.ts';
import { deploymentLimits } from './limits-deployment.ts';
import { jobLimits } from './limits-job.ts';
import { daemonSetLimits, statefulSetLimits } from './limits-sets.ts';
import type { World, Write } from './world.ts';

export interface Judge {
  world: World;
  facts: Facts;
  wrong(what: string): void;
}

export type Rule = (write: Write) => void;

export function createLimits(world: World, problems: Set<string>): Rule {
  const facts = createFacts(world);
  const judge: Judge = { world, facts, wrong: (what) => void problems.add(`${new Date(world.now).toISOString().slice(11, 23)} ${what}`) };
  const rules = [specs, replicaLimits, deploymentLimits, statefulSetLimits, daemonSetLimits, jobLimits, collectorLimits, budgetLimits, schedulerLimits].map((make) => make(judge));
  return (write) => {
    const { namespace, resource } = write.request;
    if (namespace !== 'default' && resource.kind !== 'Node') return;
    for (const rule of rules) rule(write);
    facts.observe(write);
  };
}

/** Remembers what objects were told. */
function specs({ facts }: Judge): Rule {
  for (const { metadata } of facts.objects('Node')) facts.note(metadata.uid, 'cordoned', 0);
  return ({ after }) => {
    if (!after) return;
    const { metadata: { uid }, spec, status, kind } = after;
    for (const name of ['replicas', 'parallelism']) if (typeof spec?.[name] === 'number') facts.note(uid, name, spec[name]);
    if (kind === 'PodDisruptionBudget') facts.note(uid, 'desired', status?.desiredHealthy ?? 0);
    if (kind === 'Node') facts.note(uid, 'cordoned', spec.unschedulable ? 1 : 0);
  };
}

/** A replica set never has more pods than it was told. */
function replicaLimits({ facts, wrong }: Judge): Rule {
  return ({ request, who, after }) => {
    if (request.verb !== 'create' || after?.kind !== 'Pod' || !(who === 'replicaset-controller' || who === 'replication-controller')) return;
    const owner = controllerOf(after)!;
    const [active, most] = [facts.activeOf(owner).length, facts.most(owner.uid, 'replicas')];
    if (active > most) wrong(`${owner.kind} ${owner.name} has ${active} pods, told at most ${most}`);
  };
}

/** What was orphaned on purpose is nobody's to collect. */
function collectorLimits({ wrong }: Judge): Rule {
  const orphaning = new Set<string>();
  return ({ request, who, before }) => {
    if (request.verb !== 'delete' || !before) return;
    if (request.options?.propagationPolicy === 'Orphan') orphaning.add(before.metadata.uid);
    const owners = before.metadata.ownerReferences ?? [];
    if (who === 'generic-garbage-collector' && owners.length > 0 && owners.every(({ uid }) => orphaning.has(uid))) wrong(`${before.kind} ${before.metadata.name} was collected, though its owner wanted to leave it behind`);
  };
}

/** An eviction never goes below a budget, unless pods were lost of which nobody could know yet. */
function budgetLimits({ facts, world, wrong }: Judge): Rule {
  return ({ request, before }) => {
    if (request.subresource !== 'eviction' || !healthy(before)) return;
    const app = appOf(before!);
    for (const { metadata } of facts.objects('PodDisruptionBudget')) {
      if (metadata.name !== app || facts.disturbed(app, 'eviction') >= world.horizon()) continue;
      const left = facts.pods().filter((pod) => appOf(pod) === app && healthy(pod)).length;
      const least = facts.least(metadata.uid, 'desired');
      if (left < least) wrong(`an eviction leaves ${left} healthy pods of ${app}, its budget wants ${least}`);
    }
  };
}

const requested = ({ spec }: Pod) => spec.containers.reduce((sum, { resources }) => sum + cpuMilli(resources?.requests?.cpu), 0);
const ended = ({ status }: Pod) => status.phase === 'Succeeded' || status.phase === 'Failed';

/** No node is given more than it has, or anything when it was cordoned. */
function schedulerLimits({ facts, wrong }: Judge): Rule {
  return ({ request, after }) => {
    if (request.subresource !== 'binding') return;
    const pod = after as Pod;
    const { nodeName } = pod.spec;
    const node = facts.objects('Node').find(({ metadata }) => metadata.name === nodeName)!;
    const sum = facts.pods().reduce((total, one) => (one.spec.nodeName === nodeName && !ended(one) ? total + requested(one) : total), 0);
    if (sum > cpuMilli(node.status.allocatable.cpu)) wrong(`${nodeName} was given ${sum}m CPU`);
    if (controllerOf(pod)?.kind !== 'DaemonSet' && facts.least(node.metadata.uid, 'cordoned') === 1) wrong(`${pod.metadata.name} was bound to ${nodeName}, which is cordoned`);
  };
}
