// Which names a definition gets: those that no other of its group has (controller/status/naming_controller.go).
import { equal, type KubeObject } from '../api/index.ts';

export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason: string;
  message: string;
}

type Names = Record<string, any>;

const find = ({ status }: KubeObject, type: string) => status?.conditions?.find((one: Condition) => one.type === type);
export const established = (definition: KubeObject): boolean => find(definition, 'Established')?.status === 'True';

export function withCondition(definition: KubeObject, condition: Condition, now: string): KubeObject {
  const conditions: (Condition & { lastTransitionTime: string })[] = definition.status?.conditions ?? [];
  const old = find(definition, condition.type);
  const { type, status, ...why } = condition;
  const next = { type, status, lastTransitionTime: old?.status === status ? old.lastTransitionTime : now, ...why };
  return { ...definition, status: { ...definition.status, conditions: old ? conditions.map((one) => (one === old ? next : one)) : [...conditions, next] } };
}

export function namesOf(definition: KubeObject, others: readonly KubeObject[]): { names: Names; accepted: Condition; established: Condition } {
  const taken = (fields: string[]) => new Set(others.flatMap(({ status }) => fields.flatMap((field) => status?.acceptedNames?.[field] ?? [])));
  const [resources, kinds] = [taken(['plural', 'singular', 'shortNames']), taken(['kind', 'listKind'])];
  const wanted: Names = definition.spec.names;
  const names: Names = { ...definition.status?.acceptedNames };
  let accepted: Condition = { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' };
  const refuse = (field: string, message: string) => (accepted = { type: 'NamesAccepted', status: 'False', reason: `${field[0]!.toUpperCase()}${field.slice(1)}Conflict`, message });
  const inUse = (name: string) => `${JSON.stringify(name)} is already in use`;
  const take = (field: string, used: Set<string>) => {
    if (wanted[field] !== names[field] && used.has(wanted[field])) refuse(field, inUse(wanted[field]));
    else names[field] = wanted[field];
  };
  take('plural', resources);
  take('singular', resources);
  const own: string[] = names.shortNames ?? [];
  if (!equal(wanted.shortNames, names.shortNames)) {
    const clashes = ((wanted.shortNames ?? []) as string[]).filter((name) => !own.includes(name) && resources.has(name)).map(inUse);
    if (clashes.length > 0) refuse('shortNames', clashes.length > 1 ? `[${clashes.join(', ')}]` : clashes[0]!);
    else names.shortNames = wanted.shortNames;
  }
  take('kind', kinds);
  take('listKind', kinds);
  names.categories = wanted.categories;
  for (const field of ['shortNames', 'categories']) if (names[field] === undefined) delete names[field];
  return { names, accepted, established: establishedAfter(definition, accepted) };
}

function establishedAfter(definition: KubeObject, accepted: Condition): Condition {
  const old: Condition | undefined = find(definition, 'Established');
  if (old?.status === 'True') return old;
  if (accepted.status === 'True') return { type: 'Established', status: 'False', reason: 'Installing', message: 'the initial names have been accepted' };
  return old ?? { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' };
}
