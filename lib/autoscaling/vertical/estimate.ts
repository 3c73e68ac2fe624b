// From samples to a recommendation (pkg/recommender/logic).
import { Quantity } from '../../api/index.ts';
import type { ContainerAggregate } from './aggregate.ts';
import type { Amounts, ContainerRecommendation, ResourceName } from './types.ts';

const margin = 0.15;
/** Of a whole pod: millicores, and bytes. */
const least = { cpu: 25, memory: 250 * 2 ** 20 };
const most = 1e14;
const percentiles = { lowerBound: 0.5, target: 0.9, upperBound: 0.95 };

/**
 * The longer the history, the nearer the bounds come to the target: with little of it nobody is sent away.
 * After a day the upper bound is doubled, after a week it is 14 % larger; the lower one is nearly itself after an hour.
 */
const multipliers = {
  lowerBound: (confidence: number) => (1 + 0.001 / confidence) ** -2,
  target: () => 1,
  upperBound: (confidence: number) => 1 + 1 / confidence,
};

type Bound = keyof typeof percentiles;

/** Of each container of a pod; they share the least amounts. */
export function recommendations(aggregates: ReadonlyMap<string, ContainerAggregate>, controlled: (container: string) => readonly ResourceName[]): ContainerRecommendation[] {
  return [...aggregates].sort(([a], [b]) => (a < b ? -1 : 1)).map(([containerName, aggregate]) => {
    const of = (bound: Bound): Amounts => Object.fromEntries(controlled(containerName).map((name) => [name, textOf(name, estimate(aggregate, { name, bound, share: aggregates.size }))]));
    return { containerName, lowerBound: of('lowerBound'), target: of('target'), uncappedTarget: of('target'), upperBound: of('upperBound') };
  });
}

/** Millicores, or bytes. */
function estimate(aggregate: ContainerAggregate, { name, bound, share }: { name: ResourceName; bound: Bound; share: number }): number {
  const used = name === 'cpu' ? aggregate.cpu.percentile(percentiles[bound]) * 1000 : aggregate.memory.percentile(percentiles[bound]);
  const base = Math.trunc(used);
  const safe = base + Math.trunc(base * margin);
  const scaled = Math.trunc(Math.min(safe * multipliers[bound](aggregate.confidence), most));
  return Math.max(Number.isNaN(scaled) ? 0 : scaled, Math.trunc(least[name] / share));
}

const textOf = (name: ResourceName, amount: number): string => new Quantity(BigInt(amount), name === 'cpu' ? -3 : 0, 'DecimalSI').toString();
