// Where volumes of a class may be made: topology selectors (pkg/apis/core/validation, pkg/apis/storage/validation).
import { duplicate, type FieldError, required } from '../field-error.ts';
import { isQualifiedName } from '../names.ts';
import { equal } from '../object.ts';
import type { Version } from '../version.ts';
import { invalidAll } from './checks.ts';

interface Requirement {
  key?: string;
  values?: string[] | null;
}
interface Term {
  matchLabelExpressions?: Requirement[];
}
/** The values that a term allows, sorted, by key. */
type Allowed = Record<string, string[]>;

function requirementErrors(at: string, { key = '', values }: Requirement, version: Version): FieldError[] {
  const list = values ?? [];
  const errors = list.length > 0 ? [] : [required(`${at}.values`)];
  list.forEach((value, i) => list.indexOf(value) < i && errors.push(duplicate(`${at}.values[${i}]`, value)));
  return [...errors, ...invalidAll(`${at}.key`, key, isQualifiedName(key))];
}

function termErrors(at: string, { matchLabelExpressions = [] }: Term, version: Version): FieldError[] {
  const keys = new Set<string>();
  return matchLabelExpressions.flatMap((requirement, i) => {
    const { key = '' } = requirement;
    const repeated = keys.has(key) ? [duplicate(`${at}[${i}].key`, key)] : [];
    keys.add(key);
    return [...requirementErrors(`${at}[${i}]`, requirement, version), ...repeated];
  });
}

const allowedBy = ({ matchLabelExpressions = [] }: Term): Allowed => Object.fromEntries(matchLabelExpressions.map(({ key = '', values }) => [key, [...new Set(values ?? [])].sort()]));

export function topologyErrors(terms: readonly Term[] = [], version: Version): FieldError[] {
  // Kubernetes begins with as many empty terms as there are terms, so an empty one counts as a repetition of each.
  const seen: Allowed[] = terms.map(() => ({}));
  return terms.flatMap((term, i) => {
    const at = `allowedTopologies[${i}].matchLabelExpressions`;
    const allowed = allowedBy(term);
    const repeated = seen.filter((other) => equal(other, allowed)).map(() => duplicate(at, ''));
    seen.push(allowed);
    return [...termErrors(at, term, version), ...repeated];
  });
}
