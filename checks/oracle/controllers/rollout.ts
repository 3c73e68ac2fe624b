// The cases of rollout.jsonl that belong to controllers: arithmetic of rolling updates, NoExecute taints.
import type { Deployment, ReplicaSet, Version } from '../../../lib/api/index.ts';
import { backOffDelay, matchingTolerations, maxSurge, maxUnavailable, minAvailable, newReplicaCount, type Resize, rescale, resolveFenceposts, scalingMessage, shrinkOld, toleratedSeconds } from '../../../lib/controllers/index.ts';
import { compare, type Outcome } from '../replayer.ts';

type Replay = (input: any, output: any, version: Version) => Outcome;

interface SetInput {
  name: string;
  replicas: number;
  available: number;
  desiredAnnotation: number;
  maxAnnotation: number;
  createdMinute: number;
}

function deployment({ replicas, maxSurge: surge, maxUnavailable: unavailable, strategy = 'RollingUpdate' }: any): Deployment {
  const rollingUpdate = strategy === 'RollingUpdate' ? { maxSurge: surge, maxUnavailable: unavailable } : undefined;
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd', namespace: 'default' }, spec: { replicas, strategy: { type: strategy, rollingUpdate } }, status: {} } as unknown as Deployment;
}

function replicaSet({ name, replicas, available, desiredAnnotation, maxAnnotation, createdMinute }: SetInput): ReplicaSet {
  const annotations = { 'deployment.kubernetes.io/desired-replicas': String(desiredAnnotation), 'deployment.kubernetes.io/max-replicas': String(maxAnnotation) };
  const creationTimestamp = `2024-01-01T00:${String(createdMinute).padStart(2, '0')}:00Z`;
  return { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name, creationTimestamp, annotations }, spec: { replicas }, status: { replicas, availableReplicas: available } } as unknown as ReplicaSet;
}

/** Sizes after some steps, and the events that go with them. */
function applied(sets: readonly ReplicaSet[], steps: readonly Resize[], version: Version): { sizes: Record<string, number>; events: string[] } {
  const sizes = Object.fromEntries(sets.map(({ metadata, spec }) => [metadata.name, spec.replicas]));
  const events: string[] = [];
  for (const step of steps) {
    const from = sizes[step.name]!;
    if (from !== step.size) events.push(`Normal ScalingReplicaSet ${scalingMessage({ version }, { ...step, from })}`);
    sizes[step.name] = step.size;
  }
  return { sizes, events };
}

const fenceposts: Replay = (input, output) => {
  try {
    const d = deployment(input);
    const { surge, unavailable } = resolveFenceposts(input.maxSurge, input.maxUnavailable, input.replicas);
    return compare({ surge, unavailable, deploymentMaxSurge: maxSurge(d), deploymentMaxUnavailable: maxUnavailable(d), minAvailable: minAvailable(d) }, output);
  } catch (error) {
    return compare({ error: (error as Error).message }, output);
  }
};

const newRSNewReplicas: Replay = (input, output) => {
  const sets = [...input.oldRSs, input.newRS].map((replicas, i) => replicaSet({ name: `rs-${i}`, replicas, available: 0, desiredAnnotation: 0, maxAnnotation: 0, createdMinute: i }));
  try {
    return compare({ replicas: newReplicaCount(deployment(input), sets, input.newRS) }, output);
  } catch (error) {
    return compare({ error: (error as Error).message }, output);
  }
};

const rollingStep: Replay = (input, output, version) => {
  const d = deployment(input);
  const [newRS, old] = [replicaSet(input.newRS), (input.oldRSs as SetInput[]).map(replicaSet)];
  const all = [...old, newRS];
  const { replicas } = newRS.spec;
  const size = replicas > d.spec.replicas ? d.spec.replicas : newReplicaCount(d, all, replicas);
  const step = (steps: Resize[]) => {
    const { sizes, events } = applied(all, steps, version);
    return { events, scaled: events.length > 0, sizes };
  };
  return compare({ resolvedSurge: maxSurge(d), scaleNew: step([{ name: newRS.metadata.name, size }]), scaleOld: step(shrinkOld(d, newRS, old)) }, output);
};

const proportionalScale: Replay = (input, output, version) => {
  const d = deployment(input);
  const [newRS, old] = [replicaSet(input.newRS), (input.oldRSs as SetInput[]).map(replicaSet)];
  const { sizes, events } = applied([...old, newRS], rescale(d, newRS, old), version);
  // The recording has them in alphabetical order.
  return compare({ resolvedSurge: maxSurge(d), sizes, events: events.sort() }, output);
};

/** Go leaves empty texts out of JSON. */
const withoutEmpty = (one: object) => Object.fromEntries(Object.entries(one).filter(([, value]) => value !== ''));

const noExecute: Replay = ({ taints, tolerations }, output) => {
  const used = matchingTolerations(taints, tolerations);
  const seconds = toleratedSeconds(taints, tolerations);
  return compare({ allTolerated: used !== undefined, evictAfterSeconds: seconds === Infinity ? null : seconds, usedTolerations: (used ?? []).map(withoutEmpty) }, output);
};

const jobBackoff: Replay = ({ failedSyncs, initialSeconds, maxSeconds }, output) => compare({ delaySeconds: backOffDelay(failedSyncs, { first: initialSeconds * 1000, longest: maxSeconds * 1000 }) / 1000 }, output);

export const controllerCases: Record<string, Replay> = { jobBackoff, fenceposts, newRSNewReplicas, rollingStep, proportionalScale, noExecute };
