// What a replay may leave out, and why. A rule hides a field or a kind, never a case.

export interface Rule {
  name: string;
  /** The field or kind that is not compared. */
  hides: string;
  why: string;
  /** Since when Kubernetes itself differs, or `here` when only this library does. */
  since: string;
}

export const rules = [
  { name: 'not built yet', hides: 'kinds of cases whose component does not exist here', why: 'the component belongs to a later issue', since: 'here' },
] as const satisfies readonly Rule[];

export type RuleName = (typeof rules)[number]['name'];
