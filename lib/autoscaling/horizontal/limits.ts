// How far one step may go: the policies of a behavior, or the rule that was there before them.
import type { Version } from '../../api/index.ts';
import { int32 } from './go-numbers.ts';
import { changeWithin, type History } from './history.ts';
import type { Policy, Rules } from './types.ts';

/** Without a behavior: twice as many, but four at least. */
export const scaleUpLimit = (current: number, factor = 2): number => int32(Math.max(factor * current, 4));

interface Situation {
  current: number;
  history: History;
  now: number;
  version: Version;
}

export function scaleUpLimitByRules(rules: Rules, situation: Situation): number {
  if (rules.selectPolicy === 'Disabled') return situation.current;
  const proposals = rules.policies.map((policy) => {
    const start = startOfPeriod(policy, 'up', situation);
    // Rounded up: a few percent of few would be nobody, for ever.
    return policy.type === 'Pods' ? start + policy.value : int32(Math.ceil(start * (1 + policy.value / 100)));
  });
  return rules.selectPolicy === 'Min' ? Math.min(...proposals) : Math.max(...proposals);
}

export function scaleDownLimitByRules(rules: Rules, situation: Situation): number {
  if (rules.selectPolicy === 'Disabled') return situation.current;
  const proposals = rules.policies.map((policy) => {
    const start = startOfPeriod(policy, 'down', situation);
    return policy.type === 'Pods' ? start - policy.value : int32(start * (1 - policy.value / 100));
  });
  return rules.selectPolicy === 'Min' ? Math.max(...proposals) : Math.min(...proposals);
}

/** How many there were when the policy's period began. */
function startOfPeriod({ periodSeconds }: Policy, direction: 'up' | 'down', { current, history, now, version }: Situation): number {
  const both = version.has('hpa-all-scale-events');
  const added = both || direction === 'up' ? changeWithin(history.ups, periodSeconds, now) : 0;
  const deleted = both || direction === 'down' ? changeWithin(history.downs, periodSeconds, now) : 0;
  return current - added + deleted;
}
