// Lists of conditions as controllers keep them in a status.

interface AnyCondition {
  type: string;
  status: string;
  reason?: string;
  lastTransitionTime?: string;
}

export function findCondition<C extends AnyCondition>(conditions: readonly C[] | undefined, type: string): C | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/**
 * Adds or replaces a condition. One with the same status and reason is left as it is; where the status stays, so does
 * the time of the last transition.
 */
export function withCondition<C extends AnyCondition>(conditions: readonly C[] = [], next: C): C[] {
  const present = findCondition(conditions, next.type);
  if (present && present.status === next.status && present.reason === next.reason) return conditions as C[];
  const kept = present && present.status === next.status ? { ...next, lastTransitionTime: present.lastTransitionTime } : next;
  return [...withoutCondition(conditions, next.type), kept];
}

export function withoutCondition<C extends AnyCondition>(conditions: readonly C[] = [], type: string): C[] {
  return conditions.some((condition) => condition.type === type) ? conditions.filter((condition) => condition.type !== type) : (conditions as C[]);
}
