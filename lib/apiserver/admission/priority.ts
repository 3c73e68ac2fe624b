import type { KubeObject } from '../../api/index.ts';
import type { Admission, Attributes } from './index.ts';
import { refuse } from './refuse.ts';

const system: Record<string, number> = { 'system-cluster-critical': 2_000_000_000, 'system-node-critical': 2_000_001_000 };

/** Turns `priorityClassName` into a number, and keeps the default class unique. */
export const podPriority: Admission = {
  name: 'Priority',
  kinds: ['Pod', 'PriorityClass'],
  admit(attributes) {
    const { operation, request, object } = attributes;
    if (request.resource.kind !== 'Pod' || request.subresource || operation === 'DELETE') return;
    if (operation === 'UPDATE') {
      if (object!.spec.priority === undefined) object!.spec.priority = attributes.old!.spec.priority;
      if (object!.spec.preemptionPolicy === undefined && attributes.old!.spec.preemptionPolicy) object!.spec.preemptionPolicy = attributes.old!.spec.preemptionPolicy;
      return;
    }
    setPriority(attributes);
  },
  validate({ operation, request, object, parts }) {
    if (request.resource.kind !== 'PriorityClass' || operation === 'DELETE' || !object!.globalDefault) return;
    const other = globalDefault(parts);
    if (other && other.metadata.name !== object!.metadata.name) {
      throw refuse({ request, object }, `PriorityClass ${other.metadata.name} is already marked as default. Only one default can exist`);
    }
  },
};

function setPriority(attributes: Attributes): void {
  const { parts } = attributes;
  const { spec } = attributes.object!;
  let priority = 0;
  let policy = 'PreemptLowerPriority';
  if (spec.priorityClassName) {
    const found = parts.find('PriorityClass', { name: spec.priorityClassName });
    if (!found && !(spec.priorityClassName in system)) {
      throw refuse(attributes, `no PriorityClass with name ${spec.priorityClassName} was found`);
    }
    priority = (found?.value as number | undefined) ?? system[spec.priorityClassName]!;
    policy = (found?.preemptionPolicy as string | undefined) ?? policy;
  } else {
    const standard = globalDefault(parts);
    if (standard) {
      spec.priorityClassName = standard.metadata.name;
      priority = standard.value as number;
      policy = (standard.preemptionPolicy as string | undefined) ?? policy;
    }
  }
  if (spec.priority !== undefined && spec.priority !== priority) {
    throw refuse(attributes, `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${priority} from the given PriorityClass name`);
  }
  spec.priority = priority;
  if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== policy) {
    throw refuse(attributes, `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${policy} from the given PriorityClass name`);
  }
  spec.preemptionPolicy = policy;
}

/** The default class with the lowest value, should there be several. */
function globalDefault(parts: Attributes['parts']): KubeObject | undefined {
  let lowest: KubeObject | undefined;
  for (const one of parts.storage.all(parts.resourceOf('PriorityClass'))) if (one.globalDefault && !(lowest && lowest.value <= one.value)) lowest = one;
  return lowest;
}
