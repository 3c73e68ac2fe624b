// One condition of a label selector: a key, an operator, values.
import { invalid, type FieldError } from '../field-error.ts';
import { isQualifiedName, isValidLabelValue } from '../names.ts';
import { badRequest } from '../status.ts';
import type { Version } from '../version.ts';

export type Labels = Readonly<Record<string, string>> | undefined;
/** Kubernetes' own names of the operators (apimachinery/pkg/selection). */
export type Operator = '=' | '==' | '!=' | 'in' | 'notin' | 'exists' | '!' | 'gt' | 'lt';

export interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  readonly values: readonly string[];
}

/** ParseInt of Go: an int64, no spaces. */
function parseInt64(text: string): bigint | undefined {
  if (!/^[+-]?[0-9]+$/.test(text)) return undefined;
  const value = BigInt(text.replace('+', ''));
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

export function requirementMatches({ key, operator, values }: Requirement, labels: Labels): boolean {
  // A label named like a method of Object is a string or absent, never that method.
  const found = labels?.[key];
  const has = typeof found === 'string';
  switch (operator) {
    case '=':
    case '==':
      return found === values[0];
    case 'in':
      return has && values.includes(found);
    case '!=':
    case 'notin':
      return !has || !values.includes(found);
    case 'exists':
      return has;
    case '!':
      return !has;
    default:
      return has && compares(operator, parseInt64(found), parseInt64(values[0]!));
  }
}

function compares(operator: 'gt' | 'lt', value: bigint | undefined, limit: bigint | undefined): boolean {
  if (value === undefined || limit === undefined) return false;
  return operator === 'gt' ? value > limit : value < limit;
}

const symbols: Record<Operator, string> = { '=': '=', '==': '==', '!=': '!=', in: ' in ', notin: ' notin ', exists: '', '!': '', gt: '>', lt: '<' };

export function formatRequirement({ key, operator, values }: Requirement): string {
  if (operator === '!') return `!${key}`;
  const list = [...values].sort().join(',');
  return `${key}${symbols[operator]}${operator === 'in' || operator === 'notin' ? `(${list})` : list}`;
}

/** Throws a BadRequest when the key or a value is malformed; `version` decides the wording. */
export function newRequirement(key: string, operator: Operator, values: readonly string[], version?: Version): Requirement {
  const errors = requirementErrors(key, operator, values, version);
  if (errors.length > 0) throw badRequest(version?.has('selector-field-errors') ? aggregate(errors) : oldWording(errors[0]!, key, values));
  return { key, operator, values };
}

export function keyError(key: string, version?: Version): string | undefined {
  const errors = isQualifiedName(key);
  if (errors.length === 0) return undefined;
  const detail = errors.join('; ');
  return version?.has('selector-field-errors') ? `<nil>: Invalid value: ${JSON.stringify(key)}: ${detail}` : `invalid label key ${JSON.stringify(key)}: ${detail}`;
}

interface Wrong extends FieldError {
  detail: string;
  part: 'key' | 'count' | 'value';
  at: number;
}

function requirementErrors(key: string, operator: Operator, values: readonly string[], version?: Version): Wrong[] {
  const errors: Wrong[] = [];
  const add = (part: Wrong['part'], field: string, value: unknown, detail: string, at = 0) => errors.push({ ...invalid(field, value, detail), detail, part, at });
  const keyErrors = isQualifiedName(key);
  if (keyErrors.length > 0) add('key', 'key', key, keyErrors.join('; '));
  const wrongCount = countError(operator, values.length);
  if (wrongCount) errors.push({ ...invalid('values', values, ''), message: `Invalid value: ${goStrings(values)}: ${wrongCount}`, detail: wrongCount, part: 'count', at: 0 });
  else if (operator === 'gt' || operator === 'lt') {
    if (parseInt64(values[0]!) === undefined) add('count', 'values[0]', values[0], "for 'Gt', 'Lt' operators, the value must be an integer");
  }
  values.forEach((value, i) => {
    const valueErrors = isValidLabelValue(value);
    if (valueErrors.length > 0) add('value', `values[${i}][${key}]`, value, valueErrors.join('; '), i);
  });
  return errors;
}

function countError(operator: Operator, count: number): string | undefined {
  if (operator === 'in' || operator === 'notin') return count === 0 ? "for 'in', 'notin' operators, values set can't be empty" : undefined;
  if (operator === 'exists' || operator === '!') return count > 0 ? 'values set must be empty for exists and does not exist' : undefined;
  if (count === 1) return undefined;
  return operator === 'gt' || operator === 'lt' ? "for 'Gt', 'Lt' operators, exactly one value is required" : 'exact-match compatibility requires one single value';
}

const goStrings = (values: readonly string[]) => (values.length === 0 ? '[]string{}' : `[]string{${values.map((v) => JSON.stringify(v)).join(', ')}}`);

function oldWording({ part, detail, at }: Wrong, key: string, values: readonly string[]): string {
  if (part === 'key') return `invalid label key ${JSON.stringify(key)}: ${detail}`;
  return part === 'value' ? `invalid label value: ${JSON.stringify(values[at])}: at key: ${JSON.stringify(key)}: ${detail}` : detail;
}

/** Several errors in one line, as apimachinery's aggregate prints them. */
function aggregate(errors: readonly FieldError[]): string {
  const texts = [...new Set(errors.map(({ field, message }) => `${field}: ${message}`))];
  return texts.length === 1 ? texts[0]! : `[${texts.join(', ')}]`;
}

export function unknownOperator(operator: string, version?: Version): never {
  throw badRequest(`${JSON.stringify(operator)} is not a valid ${version?.has('selector-field-errors') ? 'label' : 'pod'} selector operator`);
}
