// Node and pod affinity.
import type { Affinity } from 'kubernetes-types/core/v1';
import { isDNS1123Label, isDNS1123Subdomain } from '../../names.ts';
import { validateLabelName, validateLabelSelector } from './labels.ts';
import type { FieldPath, Problems } from './problems.ts';

type NodeAffinity = NonNullable<Affinity['nodeAffinity']>;
type PodAffinity = NonNullable<Affinity['podAffinity']>;
export type NodeSelectorTerm = NonNullable<NodeAffinity['requiredDuringSchedulingIgnoredDuringExecution']>['nodeSelectorTerms'][number];
type NodeRequirement = NonNullable<NodeSelectorTerm['matchExpressions']>[number];
type PodTerm = NonNullable<PodAffinity['requiredDuringSchedulingIgnoredDuringExecution']>[number];

const required = 'requiredDuringSchedulingIgnoredDuringExecution';
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';

function validateLabelRequirement(problems: Problems, at: FieldPath, { key = '', operator = '', values = [] }: NodeRequirement): void {
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length === 0) problems.required(at.child('values'), "must be specified when `operator` is 'In' or 'NotIn'");
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length > 0) problems.forbidden(at.child('values'), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
  } else if (operator === 'Gt' || operator === 'Lt') {
    if (values.length !== 1) problems.required(at.child('values'), "must be specified single value when `operator` is 'Lt' or 'Gt'");
  } else problems.invalid(at.child('operator'), operator, 'not a valid selector operator');
  validateLabelName(problems, at.child('key'), key);
}

function validateFieldRequirement(problems: Problems, at: FieldPath, { key = '', operator = '', values = [] }: NodeRequirement): void {
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length !== 1) problems.required(at.child('values'), "must be only one value when `operator` is 'In' or 'NotIn' for node field selector");
  } else problems.invalid(at.child('operator'), operator, 'not a valid selector operator');
  if (key !== 'metadata.name') problems.invalid(at.child('key'), key, 'not a valid field selector key');
  else values.forEach((value, i) => problems.each(at.child('values').index(i), value, isDNS1123Subdomain(value)));
}

export function validateNodeSelectorTerm(problems: Problems, at: FieldPath, { matchExpressions, matchFields }: NodeSelectorTerm): void {
  matchExpressions?.forEach((requirement, i) => validateLabelRequirement(problems, at.child('matchExpressions').index(i), requirement));
  matchFields?.forEach((requirement, i) => validateFieldRequirement(problems, at.child('matchFields').index(i), requirement));
}

function validateWeight(problems: Problems, at: FieldPath, weight = 0): void {
  if (weight <= 0 || weight > 100) problems.invalid(at.child('weight'), weight, 'must be in the range 1-100');
}

function validateNodeAffinity(problems: Problems, at: FieldPath, affinity: NodeAffinity): void {
  const must = affinity[required];
  if (must) {
    const terms = at.child(required).child('nodeSelectorTerms');
    if (!must.nodeSelectorTerms?.length) problems.required(terms, 'must have at least one node selector term');
    must.nodeSelectorTerms?.forEach((term, i) => validateNodeSelectorTerm(problems, terms.index(i), term));
  }
  affinity[preferred]?.forEach(({ weight, preference }, i) => {
    validateWeight(problems, at.child(preferred).index(i), weight);
    validateNodeSelectorTerm(problems, at.child(preferred).index(i).child('preference'), preference ?? {});
  });
}

function validatePodTerm(problems: Problems, at: FieldPath, { labelSelector, namespaceSelector, namespaces, topologyKey = '' }: PodTerm): void {
  const newer = problems.version.has('namespace-selector');
  validateLabelSelector(problems, at.child(newer ? 'labelSelector' : 'matchExpressions'), labelSelector);
  if (newer) validateLabelSelector(problems, at.child('namespaceSelector'), namespaceSelector);
  for (const name of namespaces ?? []) problems.each(at.child('namespace'), name, isDNS1123Label(name));
  if (!topologyKey) problems.required(at.child('topologyKey'), 'can not be empty');
  validateLabelName(problems, at.child('topologyKey'), topologyKey);
}

function validatePodAffinity(problems: Problems, at: FieldPath, affinity: PodAffinity): void {
  affinity[required]?.forEach((term, i) => validatePodTerm(problems, at.child(required).index(i), term));
  affinity[preferred]?.forEach(({ weight, podAffinityTerm }, i) => {
    validateWeight(problems, at.child(preferred).index(i), weight);
    validatePodTerm(problems, at.child(preferred).index(i).child('podAffinityTerm'), podAffinityTerm ?? { topologyKey: '' });
  });
}

export function validateAffinity(problems: Problems, at: FieldPath, { nodeAffinity, podAffinity, podAntiAffinity }: Affinity): void {
  if (nodeAffinity) validateNodeAffinity(problems, at.child('nodeAffinity'), nodeAffinity);
  if (podAffinity) validatePodAffinity(problems, at.child('podAffinity'), podAffinity);
  if (podAntiAffinity) validatePodAffinity(problems, at.child('podAntiAffinity'), podAntiAffinity);
}
