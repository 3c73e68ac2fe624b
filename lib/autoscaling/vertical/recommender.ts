// vpa-recommender: looks every minute at what containers use, and says what they need (pkg/recommender/routines).
// Differs from Kubernetes: the history is metrics.k8s.io's alone, without Prometheus; usage is read without delay.
import { equal, isPodTerminal, nothing, type Pod, type Selector } from '../../api/index.ts';
import { type CacheEvent, type Client, type Controller, forMapped, type Key, keyOf } from '../../client/index.ts';
import { timestamp } from '../../sim/index.ts';
import { ContainerAggregate } from './aggregate.ts';
import { Checkpoints } from './checkpoints.ts';
import { recommendations } from './estimate.ts';
import { capped, controlledResources, policyOf } from './policy.ts';
import { selectorOf } from './target.ts';
import { kind, type ReadUsage, type VerticalPodAutoscaler, type VpaCondition } from './types.ts';
import { UsageHistory } from './usage.ts';

const interval = 60_000;
const round: Key = { name: ':round' };

export function vpaRecommender(client: Client, { usage }: { usage: ReadUsage }): Controller {
  const history = new UsageHistory();
  const checkpoints = new Checkpoints(client);
  let next = client.clock.now + interval;

  return {
    name: 'vpa-recommender',
    watches: [forMapped(kind, ({ type }: CacheEvent) => (type === 'ADDED' ? [round] : []))],
    start() {
      client.cache('Pod').on(({ type, object, old }: CacheEvent<Pod>) => {
        if (type === 'MODIFIED') for (const container of killedForMemory(object, old)) history.outOfMemory(object, container, client.clock.now);
      });
    },
    reconcile() {
      const { now } = client.clock;
      if (now >= next) {
        next = now + interval;
        run();
      }
      return { requeueAfter: next - now };
    },
  };

  function run(): void {
    const pods = client.cache('Pod');
    history.see(pods);
    for (const sample of measured(usage)) {
      const pod = pods.get(sample);
      if (pod) history.add(pod, sample);
    }
    for (const vpa of [...client.cache(kind)] as VerticalPodAutoscaler[]) recommend(vpa);
    history.forget(client.clock.now);
  }

  function recommend(vpa: VerticalPodAutoscaler): void {
    // Others may have recommenders of their own.
    if (vpa.spec.recommenders?.length && vpa.spec.recommenders[0]!.name !== 'default') return;
    const found = selectorOf(client, vpa);
    const selector = 'problem' in found ? nothing : found;
    const namespace = vpa.metadata.namespace!;
    const aggregates = history.of(namespace, selector);
    for (const [container, aggregate] of checkpoints.of(vpa)) aggregates.set(container, merged(aggregates.get(container), aggregate));
    for (const container of aggregates.keys()) if (policyOf(vpa, container)?.mode === 'Off') aggregates.delete(container);
    const containerRecommendations = recommendations(aggregates, (container) => controlledResources(vpa, container)).map((one) => capped(vpa, one));
    const conditions = conditionsOf(vpa, { provided: containerRecommendations.length > 0, matches: matching(namespace, selector), problem: 'problem' in found ? found.problem : undefined });
    const status = { conditions, recommendation: containerRecommendations.length > 0 ? { containerRecommendations } : {} };
    if (!equal(vpa.status, status)) client.patch(kind, keyOf(vpa), { status }, { type: 'merge', subresource: 'status' });
    checkpoints.write(vpa, aggregates);
  }

  function matching(namespace: string, selector: Selector): boolean {
    return [...client.cache('Pod').inNamespace(namespace)].some((pod) => !isPodTerminal(pod) && selector.matches(pod.metadata.labels ?? {}));
  }

  function conditionsOf({ status }: VerticalPodAutoscaler, { provided, matches, problem }: { provided: boolean; matches: boolean; problem: string | undefined }): VpaCondition[] {
    const nobody = { reason: 'NoPodsMatched', message: 'No pods match this VPA object' };
    const wanted: VpaCondition[] = [
      ...(problem === undefined ? [] : [{ type: 'ConfigUnsupported', status: 'True' as const, message: problem }]),
      ...(matches ? [] : [{ type: 'NoPodsMatched', status: 'True' as const, ...nobody }]),
      { type: 'RecommendationProvided', status: provided ? 'True' : 'False', ...(!provided && !matches && nobody) },
    ];
    return wanted.map((condition) => {
      const before = status?.conditions?.find(({ type }) => type === condition.type);
      return { ...condition, lastTransitionTime: before?.status === condition.status ? before.lastTransitionTime! : timestamp(client.clock.now) };
    });
  }
}

/** When nobody answers, this minute has no samples. */
function measured(usage: ReadUsage): ReturnType<ReadUsage> {
  try {
    return usage();
  } catch {
    return [];
  }
}

function merged(a: ContainerAggregate | undefined, b: ContainerAggregate): ContainerAggregate {
  const whole = new ContainerAggregate();
  if (a) whole.merge(a);
  whole.merge(b);
  return whole;
}

/** Containers that were killed since the last look. */
function killedForMemory({ status }: Pod, old: Pod | undefined): string[] {
  return (status?.containerStatuses ?? []).flatMap(({ name, restartCount, lastState }) => {
    const before = old?.status?.containerStatuses?.find((one) => one.name === name);
    return before && restartCount > before.restartCount && lastState?.terminated?.reason === 'OOMKilled' ? [name] : [];
  });
}
