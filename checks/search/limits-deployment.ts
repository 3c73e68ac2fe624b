// A Deployment keeps within its surge, and deletes no pod below what must be available.
import { type Deployment, isPodReady, type KubeObject, type Pod, podAvailable, type ReplicaSet } from '../../lib/api/index.ts';
import { controllerOf } from '../../lib/controllers/shared/owners.ts';
import type { Judge, Rule } from './limits.ts';

/** Of a number or a percentage; surge is rounded up, unavailability down. */
const share = (amount: unknown, of: number, round: (x: number) => number) => (typeof amount === 'string' ? round((parseInt(amount, 10) * of) / 100) : Number(amount ?? 0));

function allowed({ spec: { replicas, strategy } }: Deployment): { surge: number; unavailable: number } {
  if (strategy.type !== 'RollingUpdate') return { surge: 0, unavailable: replicas };
  const [surge, unavailable] = [share(strategy.rollingUpdate?.maxSurge, replicas, Math.ceil), share(strategy.rollingUpdate?.maxUnavailable, replicas, Math.floor)];
  return surge + unavailable === 0 ? { surge, unavailable: 1 } : { surge, unavailable };
}

export function deploymentLimits({ facts, world, wrong }: Judge): Rule {
  const controllerIn = (kind: string, object: Parameters<typeof controllerOf>[0]) => facts.objects(kind).find(({ metadata }) => metadata.uid === controllerOf(object)?.uid);
  const setsOf = (uid: string) => facts.objects('ReplicaSet').filter((rs) => controllerOf(rs)?.uid === uid) as ReplicaSet[];
  /** When each replica set was last resized. */
  const resized = new Map<string, number>();
  /** Where the pods were that are sent away in this moment. */
  let taken = { at: -1, nodes: [] as string[] };

  /** The controller has no expectations: of the sets that it does not write now it may know an old size, or not that they are there (NewRSNewReplicas, pkg/controller/deployment/util/deployment_util.go, adds up what rsLister has: getReplicaSetsForDeployment, deployment_controller.go). */
  function surge({ metadata: { uid, name } }: Deployment, grown: KubeObject): void {
    const others = setsOf(uid).filter((rs) => rs.metadata.uid !== grown.metadata.uid);
    const sum = others.reduce((total, rs) => total + facts.least(rs.metadata.uid, 'size'), grown.spec.replicas);
    const most = facts.most(uid, 'replicas') + facts.most(uid, 'surge');
    if (sum > most) wrong(`Deployment ${name} wants ${sum} pods, at most ${most} are allowed`);
  }

  function unavailable({ metadata, spec }: Deployment, replicaSet: ReplicaSet, gone: Pod): void {
    const { uid, name } = metadata;
    const available = (pod: Pod, at = world.now) => podAvailable(pod, spec.minReadySeconds ?? 0, at);
    const decided = world.horizon(resized.get(replicaSet.metadata.uid));
    // One that nobody could know to be available was free to go.
    if (spec.strategy.type !== 'RollingUpdate' || metadata.deletionTimestamp || !available(gone, decided)) return;
    if (facts.disturbed(name, 'replicaset-controller') >= decided) return;
    const left = setsOf(uid).flatMap((rs) => facts.activeOf(rs.metadata)).filter((pod) => available(pod)).length;
    const lately = facts.activeOf(replicaSet.metadata).filter((pod) => isPodReady(pod) && !available(pod) && mayStay(pod, gone, crowds(uid))).length;
    const least = facts.least(uid, 'replicas') - facts.most(uid, 'unavailable');
    if (left + lately < least) wrong(`Deployment ${name} has ${left} pods available, at least ${least} must be`);
  }

  /** How many active pods of the deployment are on each node, with those that are sent away in this moment: undefined when the controller may know less. */
  function crowds(uid: string): Map<string, number> | undefined {
    if (world.horizon() < world.now) return undefined;
    const active = setsOf(uid).flatMap((rs) => facts.activeOf(rs.metadata));
    const going = taken.at === world.now ? taken.nodes : [];
    const out = new Map<string, number>();
    for (const node of [...active.map(({ spec }) => spec.nodeName!), ...going]) out.set(node, (out.get(node) ?? 0) + 1);
    return out;
  }

  /**
   * A set that is made smaller by the number of its unavailable pods (cleanupUnhealthyReplicas, pkg/controller/deployment/rolling.go) does not ask which are available:
   * of two that are ready the one on a fuller node goes (ActivePodsWithRanks, pkg/controller/controller_utils.go), and only then the one that became so later, which newer releases tell apart only roughly.
   */
  function mayStay({ spec }: Pod, gone: Pod, pods: Map<string, number> | undefined): boolean {
    const [here, there] = [pods?.get(spec.nodeName!) ?? 0, pods?.get(gone.spec.nodeName!) ?? 0];
    return !pods || there > here || (there === here && world.cluster.version.has('logarithmic-scale-down'));
  }

  return ({ request: { verb }, who, before, after }) => {
    if (who === 'replicaset-controller' && before?.kind === 'Pod' && verb === 'delete') {
      if (taken.at !== world.now) taken = { at: world.now, nodes: [] };
      taken.nodes.push(before.spec.nodeName as string);
    }
    if (after?.kind === 'Deployment') {
      const { surge, unavailable } = allowed(after as Deployment);
      facts.note(after.metadata.uid, 'surge', surge);
      facts.note(after.metadata.uid, 'unavailable', unavailable);
    }
    if (after?.kind === 'ReplicaSet') {
      for (const object of [before ?? { spec: { replicas: 0 } }, after]) facts.note(after.metadata.uid, 'size', object.spec.replicas);
      if (before?.spec.replicas !== after.spec.replicas) resized.set(after.metadata.uid, world.now);
      const grows = verb !== 'delete' && after.spec.replicas > (before?.spec.replicas ?? 0);
      const deployment = who === 'deployment-controller' && grows && controllerIn('Deployment', after);
      if (deployment) surge(deployment as Deployment, after);
    }
    if (who === 'replicaset-controller' && before?.kind === 'Pod' && verb === 'delete') {
      const replicaSet = controllerIn('ReplicaSet', before);
      const deployment = replicaSet && controllerIn('Deployment', replicaSet);
      if (deployment) unavailable(deployment as Deployment, replicaSet as ReplicaSet, before as Pod);
    }
  };
}
