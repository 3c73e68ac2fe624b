// Topology spread constraints.
import type { TopologySpreadConstraint } from 'kubernetes-types/core/v1';
import { validateLabelSelector } from './labels.ts';
import type { FieldPath, Problems } from './problems.ts';

const actions = ['DoNotSchedule', 'ScheduleAnyway'];
const policies = ['Honor', 'Ignore'];

export function validateSpread(problems: Problems, at: FieldPath, constraints: readonly TopologySpreadConstraint[]): void {
  constraints.forEach((constraint, i) => {
    const path = at.index(i);
    const { maxSkew = 0, topologyKey = '', whenUnsatisfiable = '' } = constraint;
    if (maxSkew <= 0) problems.invalid(path.child('maxSkew'), maxSkew, 'must be greater than zero');
    if (!topologyKey) problems.required(path.child('topologyKey'), 'can not be empty');
    if (!actions.includes(whenUnsatisfiable)) problems.notSupported(path.child('whenUnsatisfiable'), whenUnsatisfiable, actions);
    // One pair of key and action denotes one constraint.
    const repeated = constraints.slice(i + 1).some((other) => other.topologyKey === topologyKey && other.whenUnsatisfiable === whenUnsatisfiable);
    if (repeated) problems.duplicate(path.child('{topologyKey, whenUnsatisfiable}'), `{${topologyKey}, ${whenUnsatisfiable}}`);
    if (problems.version.has('spread-options')) validateOptions(problems, path, constraint);
  });
}

function validateOptions(problems: Problems, at: FieldPath, constraint: TopologySpreadConstraint): void {
  const { minDomains, whenUnsatisfiable, nodeAffinityPolicy, nodeTaintsPolicy, labelSelector } = constraint;
  if (minDomains !== undefined && minDomains <= 0) problems.invalid(at.child('minDomains'), minDomains, 'must be greater than zero');
  if (minDomains !== undefined && whenUnsatisfiable !== 'DoNotSchedule') {
    problems.invalid(at.child('minDomains'), minDomains, `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`);
  }
  if (nodeAffinityPolicy !== undefined && !policies.includes(nodeAffinityPolicy)) problems.notSupported(at.child('nodeAffinityPolicy'), nodeAffinityPolicy, policies);
  if (nodeTaintsPolicy !== undefined && !policies.includes(nodeTaintsPolicy)) problems.notSupported(at.child('nodeTaintsPolicy'), nodeTaintsPolicy, policies);
  validateLabelSelector(problems, at.child('labelSelector'), labelSelector);
}
