// What no component may do on the way, judged at each write from what the store holds.
import type { KubeObject } from '../../lib/api/index.ts';
import { controllerOf } from '../../lib/controllers/shared/owners.ts';
import { appOf, createFacts, type Facts, healthy } from './facts.ts';
import { deploymentLimits } from './limits-deployment.ts';
import { jobLimits } from './limits-job.ts';
import { kubeletLimits } from './limits-kubelet.ts';
import { claimLimits, objectLimits, quotaLimits, removalLimits } from './limits-objects.ts';
import { schedulerLimits } from './limits-scheduler.ts';
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
  const rules = [specs, replicaLimits, deploymentLimits, statefulSetLimits, daemonSetLimits, jobLimits, collectorLimits, budgetLimits, schedulerLimits, kubeletLimits, objectLimits, claimLimits, quotaLimits, removalLimits].map((make) => make(judge));
  return (write) => {
    const { namespace, resource } = write.request;
    if (namespace !== 'default' && resource.namespaced) return;
    for (const rule of rules) rule(write);
    facts.observe(write);
  };
}

/** Remembers what objects were told. */
function specs({ facts }: Judge): Rule {
  const known: string[] = [JSON.stringify([])];
  const numberOf = (text: string) => (known.includes(text) ? known.indexOf(text) : known.push(text) - 1);
  for (const { metadata } of facts.objects('Node')) facts.note(metadata.uid, 'cordoned', 0);
  return ({ after }) => {
    if (!after) return;
    const { metadata: { uid }, spec, status, kind } = after;
    for (const name of ['replicas', 'parallelism']) if (typeof spec?.[name] === 'number') facts.note(uid, name, spec[name]);
    if (kind === 'StatefulSet') facts.note(uid, 'partition', spec.updateStrategy?.rollingUpdate?.partition ?? 0);
    if (kind === 'PodDisruptionBudget') facts.note(uid, 'desired', status?.desiredHealthy ?? 0);
    if (kind === 'Node') {
      facts.note(uid, 'cordoned', spec.unschedulable ? 1 : 0);
      facts.note(uid, 'taints', numberOf(JSON.stringify(spec.taints ?? [])));
    }
  };
}

/** A replica set never has more pods than it was told. */
function replicaLimits({ facts, wrong }: Judge): Rule {
  return ({ request, who, after }) => {
    if (request.verb !== 'create' || after?.kind !== 'Pod' || !(who === 'replicaset-controller' || who === 'replication-controller')) return;
    const owner = controllerOf(after)!;
    const [active, most] = [facts.countedOf(owner).length, facts.most(owner.uid, 'replicas')];
    if (active > most) wrong(`${owner.kind} ${owner.name} has ${active} pods, told at most ${most}`);
  };
}

/** What was orphaned on purpose is nobody's to collect. */
function collectorLimits({ world, wrong }: Judge): Rule {
  const orphaning = new Set<string>();
  /** The moment up to which the collector knew the dependents of an owner when it freed them: what a controller makes after that is left over (attemptToOrphanWorker, pkg/controller/garbagecollector/garbagecollector.go, frees those in its graph). */
  const freed = new Map<string, number>();
  const orphans = (object: KubeObject | undefined) => object?.metadata.finalizers?.includes('orphan');
  return ({ request, who, before, after }) => {
    if (orphans(before) && !orphans(after)) freed.set(before!.metadata.uid, world.horizon());
    if (request.verb !== 'delete' || !before) return;
    const policy = request.options?.propagationPolicy;
    // The last word counts: another policy takes the finalizer away again (deletionFinalizersForGarbageCollection, k8s.io/apiserver/pkg/registry/generic/registry/store.go).
    if (policy) orphaning[policy === 'Orphan' ? 'add' : 'delete'](before.metadata.uid);
    const owners = before.metadata.ownerReferences ?? [];
    const late = ({ uid }: { uid: string }) => Date.parse(before.metadata.creationTimestamp!) + 1000 > (freed.get(uid) ?? Infinity);
    if (who === 'generic-garbage-collector' && owners.length > 0 && owners.every((owner) => orphaning.has(owner.uid) && !late(owner))) wrong(`${before.kind} ${before.metadata.name} was collected, though its owner wanted to leave it behind`);
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
