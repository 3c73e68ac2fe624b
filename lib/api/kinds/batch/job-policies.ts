// Checks of what came to jobs after v1.20: indexes, failure, success and replacement policies.
import { type FieldPath, type Problems } from '../pod-spec/problems.ts';

type Spec = Record<string, any>;

const mostParallel = 100_000;

export function validateIndexes(problems: Problems, at: FieldPath, spec: Spec): void {
  const { completionMode, completions, parallelism, backoffLimitPerIndex, maxFailedIndexes } = spec;
  if (completionMode !== undefined && completionMode !== 'Indexed' && completionMode !== 'NonIndexed') problems.notSupported(at.child('completionMode'), completionMode, ['NonIndexed', 'Indexed']);
  if (completionMode === 'Indexed') {
    if (completions === undefined) problems.required(at.child('completions'), 'when completion mode is Indexed');
    if (parallelism > mostParallel) problems.invalid(at.child('parallelism'), parallelism, `must be less than or equal to ${mostParallel} when completion mode is Indexed`);
    if (completions !== undefined && maxFailedIndexes > completions) problems.invalid(at.child('maxFailedIndexes'), maxFailedIndexes, 'must be less than or equal to completions');
  } else if (backoffLimitPerIndex !== undefined) problems.invalid(at.child('backoffLimitPerIndex'), backoffLimitPerIndex, 'requires indexed completion mode');
  if (maxFailedIndexes !== undefined && backoffLimitPerIndex === undefined) problems.required(at.child('backoffLimitPerIndex'), 'when maxFailedIndexes is specified');
}

const mostRules = 20;
const actions = ['Count', 'FailIndex', 'FailJob', 'Ignore'];

export function validateFailurePolicy(problems: Problems, at: FieldPath, spec: Spec): void {
  const rules: Spec[] = spec.podFailurePolicy.rules ?? [];
  if (rules.length > mostRules) problems.list.push({ type: 'FieldValueTooMany', field: at.child('rules').toString(), message: `Too many: ${rules.length}: must have at most ${mostRules} items` });
  const containers = new Set([...(spec.template.spec?.containers ?? []), ...(spec.template.spec?.initContainers ?? [])].map(({ name }: { name: string }) => name));
  rules.forEach((rule, i) => validateRule(problems, at.child('rules').index(i), { rule, spec, containers }));
}

function validateRule(problems: Problems, at: FieldPath, { rule, spec, containers }: { rule: Spec; spec: Spec; containers: ReadonlySet<string> }): void {
  const { action, onExitCodes, onPodConditions = [] } = rule;
  if (!action) problems.required(at.child('action'), `valid values: ${actions.map((one) => JSON.stringify(one)).join(', ')}`);
  else if (action === 'FailIndex' && spec.backoffLimitPerIndex === undefined) problems.invalid(at.child('action'), action, 'requires the backoffLimitPerIndex to be set');
  else if (!actions.includes(action)) problems.notSupported(at.child('action'), action, actions);
  if (onExitCodes) validateExitCodes(problems, at.child('onExitCodes'), onExitCodes, containers);
  onPodConditions.forEach(({ type, status }: Spec, i: number) => {
    const path = at.child('onPodConditions').index(i);
    if (!type) problems.required(path.child('type'), 'name part must be non-empty');
    if (!status) problems.required(path.child('status'), 'valid values: "False", "True", "Unknown"');
    else if (!['True', 'False', 'Unknown'].includes(status)) problems.notSupported(path.child('status'), status, ['False', 'True', 'Unknown']);
  });
  if (onExitCodes && onPodConditions.length > 0) problems.invalid(at, undefined, 'specifying both OnExitCodes and OnPodConditions is not supported');
  if (!onExitCodes && onPodConditions.length === 0) problems.invalid(at, undefined, 'specifying one of OnExitCodes and OnPodConditions is required');
}

function validateExitCodes(problems: Problems, at: FieldPath, { containerName, operator, values = [] }: Spec, containers: ReadonlySet<string>): void {
  const operators = ['In', 'NotIn'];
  if (!operator) problems.required(at.child('operator'), 'valid values: "In", "NotIn"');
  else if (!operators.includes(operator)) problems.notSupported(at.child('operator'), operator, operators);
  if (containerName !== undefined && !containers.has(containerName)) problems.invalid(at.child('containerName'), containerName, 'must be one of the container or initContainer names in the pod template');
  if (values.length < 1) problems.invalid(at.child('values'), values, 'at least one value is required');
  const seen = new Set<number>();
  values.forEach((value: number, i: number) => {
    if (operator === 'In' && value === 0) problems.invalid(at.child('values').index(i), value, 'must not be 0 for the In operator');
    if (seen.has(value)) problems.duplicate(at.child('values').index(i), value);
    else if (i > 0 && values[i - 1] > value) problems.invalid(at.child('values'), values, 'must be ordered');
    seen.add(value);
  });
}

export function validateReplacementPolicy(problems: Problems, at: FieldPath, { podReplacementPolicy: policy, podFailurePolicy }: Spec): void {
  if (policy === undefined) return;
  const supported = podFailurePolicy ? ['Failed'] : ['Failed', 'TerminatingOrFailed'];
  if (!supported.includes(policy)) problems.notSupported(at.child('podReplacementPolicy'), policy, supported);
}

export function validateSuccessPolicy(problems: Problems, at: FieldPath, { successPolicy, completionMode, completions = 0 }: Spec): void {
  if (completionMode !== 'Indexed') return problems.invalid(at, successPolicy, 'requires indexed completion mode');
  const rules: Spec[] = successPolicy.rules ?? [];
  if (rules.length === 0) problems.required(at.child('rules'), 'at least one rules must be specified when the successPolicy is specified');
  if (rules.length > mostRules) problems.list.push({ type: 'FieldValueTooMany', field: at.child('rules').toString(), message: `Too many: ${rules.length}: must have at most ${mostRules} items` });
  rules.forEach(({ succeededIndexes, succeededCount }, i) => {
    const path = at.child('rules').index(i);
    if (succeededIndexes === undefined && succeededCount === undefined) problems.required(path, 'at least one of succeededCount or succeededIndexes must be specified');
    if (succeededCount < 0) problems.nonNegative(path, 'succeededCount', succeededCount);
    else if (succeededCount > completions) problems.invalid(path.child('succeededCount'), succeededCount, `must be less than or equal to ${completions} (the number of specified completions)`);
  });
}
