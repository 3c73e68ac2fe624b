// Label selectors: which objects does a service, a controller, a list mean?
import type { LabelSelector } from 'kubernetes-types/meta/v1';
import { badRequest } from '../status.ts';
import type { Version } from '../version.ts';
import { byKey, parseRequirements } from './parser.ts';
import { formatRequirement, keyError, type Labels, newRequirement, type Operator, type Requirement, requirementMatches, unknownOperator } from './requirement.ts';

/** A compiled selector. All requirements must hold; `empty` selects everything. */
export interface Selector {
  readonly requirements: readonly Requirement[];
  /** True when nothing is asked for. A selector that selects nothing is not empty. */
  readonly empty: boolean;
  matches(labels: Labels): boolean;
  toString(): string;
}

class Requirements implements Selector {
  readonly requirements: readonly Requirement[];
  #text: string | undefined;

  constructor(requirements: readonly Requirement[]) {
    this.requirements = requirements;
  }

  get empty(): boolean {
    return this.requirements.length === 0;
  }

  matches(labels: Labels): boolean {
    for (const requirement of this.requirements) if (!requirementMatches(requirement, labels)) return false;
    return true;
  }

  toString(): string {
    return (this.#text ??= this.requirements.map(formatRequirement).join(','));
  }
}

const everything: Selector = new Requirements([]);
export const nothing: Selector = { requirements: [], empty: false, matches: () => false, toString: () => '' };

/** The form of a query or of `kubectl -l`. Throws a StatusError `BadRequest`. */
export function parseSelector(text: string, version?: Version): Selector {
  const requirements = parseRequirements(text, version);
  return requirements.length === 0 ? everything : new Requirements(requirements);
}

/** A plain map, as the selector of a Service or ReplicationController; not validated. */
export function selectorFromSet(labels: Labels | null): Selector {
  const keys = Object.keys(labels ?? {}).sort();
  return keys.length === 0 ? everything : new Requirements(keys.map((key) => ({ key, operator: '=', values: [labels![key]!] })));
}

const operators: Record<string, Operator> = { In: 'in', NotIn: 'notin', Exists: 'exists', DoesNotExist: '!' };

/** metav1.LabelSelector: a missing one selects nothing, an empty one everything. */
export function selectorFromLabelSelector(selector: LabelSelector | undefined | null, version?: Version): Selector {
  if (!selector) return nothing;
  const out: Requirement[] = [];
  for (const key in selector.matchLabels) out.push(newRequirement(key, '=', [selector.matchLabels[key]!], version));
  for (const { key, operator, values } of selector.matchExpressions ?? []) {
    const known = operators[operator] ?? unknownOperator(operator, version);
    out.push(newRequirement(key, known, values ?? [], version));
  }
  return out.length === 0 ? everything : new Requirements(out.sort(byKey));
}

/** As `kubectl describe` prints it: `<none>` for an empty selector. */
export function formatLabelSelector(selector: LabelSelector | undefined | null): string {
  try {
    return selectorFromLabelSelector(selector).toString() || '<none>';
  } catch {
    return '<error>';
  }
}

/** `a=b,c=d` as a map (labels.ConvertSelectorToLabelsMap); only equality is understood. */
export function selectorToLabels(text: string, version?: Version): Record<string, string> {
  const out: Record<string, string> = {};
  if (text === '') return out;
  for (const term of text.split(',')) {
    const parts = term.split('=');
    if (parts.length !== 2) throw badRequest(`invalid selector: [${parts.join(' ')}]`);
    const [key, value] = [parts[0]!.trim(), parts[1]!.trim()];
    const wrong = keyError(key, version);
    if (wrong) throw badRequest(wrong);
    out[key] = newRequirement(key, '=', [value], version).values[0]!;
  }
  return out;
}

/** `a=b,c=d`, `<none>` without labels. In the order of the texts, not of the keys: `app-x=1` stands before `app=1`. */
export function formatLabels(labels: Labels | null): string {
  return Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`).sort().join(',') || '<none>';
}

