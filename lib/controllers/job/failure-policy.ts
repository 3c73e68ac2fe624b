// What a failed pod means, by podFailurePolicy: the first rule that fits decides.
import type { Job, Pod } from '../../api/index.ts';
import { indexOf } from './indexes.ts';

type Policy = NonNullable<Job['spec']['podFailurePolicy']>;
type Rule = Policy['rules'][number];
export type Action = 'Count' | 'FailIndex' | 'FailJob' | 'Ignore';

export interface Verdict {
  action?: Action;
  /** Counts towards the back-off limit. */
  counts: boolean;
  /** For FailJob: why. */
  message?: string;
}

interface Ended {
  name: string;
  exitCode: number;
}

const ended = ({ status }: Pod): Ended[] =>
  [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])].flatMap(({ name, state }) => (state?.terminated ? [{ name, exitCode: state.terminated.exitCode }] : []));

function failedContainer({ onExitCodes }: Rule, pod: Pod): Ended | undefined {
  const { containerName, operator, values = [] } = onExitCodes!;
  return ended(pod).find(({ name, exitCode }) => exitCode !== 0 && (containerName === undefined || containerName === name) && values.includes(exitCode) === (operator === 'In'));
}

function matchingCondition({ onPodConditions = [] }: Rule, { status }: Pod) {
  for (const pattern of onPodConditions) {
    const found = status.conditions?.find(({ type, status: value }) => type === pattern.type && value === pattern.status);
    if (found) return found;
  }
  return undefined;
}

function reasonOf(rule: Rule, i: number, pod: Pod): string | undefined {
  const name = `${pod.metadata.namespace}/${pod.metadata.name}`;
  if (rule.onExitCodes) {
    const container = failedContainer(rule, pod);
    return container && `Container ${container.name} for pod ${name} failed with exit code ${container.exitCode} matching ${rule.action} rule at index ${i}`;
  }
  const condition = matchingCondition(rule, pod);
  return condition && `Pod ${name} has condition ${condition.type} matching ${rule.action} rule at index ${i}`;
}

export function judge(policy: Policy | undefined, pod: Pod): Verdict {
  for (const [i, rule] of (policy?.rules ?? []).entries()) {
    const message = reasonOf(rule, i, pod);
    if (message === undefined) continue;
    const action = rule.action as Action;
    return { action, counts: action !== 'Ignore', ...(action === 'FailJob' && { message }) };
  }
  return { counts: true };
}

/** Why the job fails at once, if one of its pods says so. */
export function failJobMessage({ spec }: Job, pods: readonly Pod[]): string | undefined {
  if (!spec.podFailurePolicy) return undefined;
  for (const pod of pods) {
    if (pod.status.phase !== 'Failed') continue;
    const { message } = judge(spec.podFailurePolicy, pod);
    if (message) return message;
  }
  return undefined;
}

const failureCount = 'batch.kubernetes.io/job-index-failure-count';
const ignoredCount = 'batch.kubernetes.io/job-index-ignored-failure-count';

/** Indexes that have failed more often than backoffLimitPerIndex allows, or that a rule gives up. */
export function givesUpIndex({ spec }: Job, pod: Pod): boolean {
  if (judge(spec.podFailurePolicy, pod).action === 'FailIndex') return true;
  return indexOf(pod, spec.completions) !== undefined && failuresOf(pod) >= spec.backoffLimitPerIndex!;
}

/** How often the pod's index had failed before this pod. */
export const failuresOf = ({ metadata }: Pod) => Number(metadata.annotations?.[failureCount] ?? 0);

/** Notes for the next pod of an index. */
export function indexFailures({ spec }: Job, last: Pod | undefined): Record<string, string> {
  if (!last) return { [failureCount]: '0' };
  const ignored = Number(last.metadata.annotations?.[ignoredCount] ?? 0);
  const counts = judge(spec.podFailurePolicy, last).counts;
  return { [failureCount]: String(failuresOf(last) + (counts ? 1 : 0)), ...((ignored > 0 || !counts) && { [ignoredCount]: String(ignored + (counts ? 0 : 1)) }) };
}
