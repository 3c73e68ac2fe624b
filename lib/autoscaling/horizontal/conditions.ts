// The conditions of an autoscaler (setConditionInList in horizontal.go).
import type { Condition } from './types.ts';

export type SetCondition = (type: Condition['type'], status: 'True' | 'False', reason: string, message: string) => void;

/** The list with a condition set; its time changes with its status only. */
export function withCondition(conditions: readonly Condition[], { type, status, reason, message }: Omit<Condition, 'lastTransitionTime'>, now: string): Condition[] {
  const present = conditions.find((one) => one.type === type);
  const next: Condition = { type, status, lastTransitionTime: present?.status === status ? present.lastTransitionTime : now, reason, message };
  return present ? conditions.map((one) => (one === present ? next : one)) : [...conditions, next];
}
