// Are the rules of a schema rules? What a CustomResourceDefinition is refused for.
import { type FieldError, forbiddenField, invalid, notSupported, required } from '../field-error.ts';
import { compiledRules, type CompiledRule, rulesOf, type ValidationRule } from './rules.ts';
import { fieldOf, itemsOf, type SchemaProps, valuesOf } from './schema-props.ts';

const reasons = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];

interface Place {
  isRoot: boolean;
  /** The list whose elements cannot be told apart, so that nothing below it has a past. */
  withoutPast?: string;
}

/** Checks every rule of a structural schema. */
export function ruleChecks(path: string, schema: SchemaProps, { isRoot, withoutPast }: Place = { isRoot: true }): FieldError[] {
  const errors = rulesOf(schema).length > 0 ? ownChecks(`${path}.x-kubernetes-validations`, schema, { isRoot, withoutPast }) : [];
  const [items, values] = [itemsOf(schema), valuesOf(schema)];
  const isKeyed = schema['x-kubernetes-list-type'] === 'map';
  if (items) errors.push(...ruleChecks(`${path}.items`, items, { isRoot: false, withoutPast: withoutPast ?? (isKeyed ? undefined : path) }));
  if (values) errors.push(...ruleChecks(`${path}.additionalProperties`, values, { isRoot: false, withoutPast }));
  for (const key of Object.keys(schema.properties ?? {}).sort()) errors.push(...ruleChecks(`${path}.properties[${key}]`, schema.properties![key]!, { isRoot: false, withoutPast }));
  for (const junctor of ['allOf', 'anyOf', 'oneOf'] as const) {
    (schema[junctor] ?? []).forEach((one, i) => rulesOf(one).length > 0 && errors.push(forbiddenField(`${path}.${junctor}[${i}].x-kubernetes-validations`, 'must be empty to be structural')));
  }
  return errors;
}

function ownChecks(path: string, schema: SchemaProps, { isRoot, withoutPast }: Place): FieldError[] {
  const texts = rulesOf(schema).map((rule, i) => textErrors(`${path}[${i}]`, schema, rule));
  if (!schema.type && !schema['x-kubernetes-int-or-string']) return texts.flat();
  const { rules } = compiledRules(schema, isRoot);
  const compiled = rules.flatMap((rule, i) => (rule.rule.rule?.trim() ? compileErrors(`${path}[${i}]`, rule, withoutPast) : []));
  return [...texts.flat(), ...compiled];
}

const hasBreaks = (text: string) => /[\n\r]/.test(text);

function textErrors(at: string, schema: SchemaProps, { rule = '', message, messageExpression, reason, fieldPath }: Partial<ValidationRule>): FieldError[] {
  const errors: FieldError[] = [];
  const [shortRule, shortMessage] = [rule.trim(), (message ?? '').trim()];
  if (!shortRule) errors.push(required(`${at}.rule`, 'rule is not specified'));
  else if (message && !shortMessage) errors.push(invalid(`${at}.message`, message, 'message must be non-empty if specified'));
  else if (hasBreaks(shortMessage)) errors.push(invalid(`${at}.message`, message, 'message must not contain line breaks'));
  else if (hasBreaks(shortRule) && !shortMessage) errors.push(required(`${at}.message`, 'message must be specified if rule contains line breaks'));
  if (messageExpression && !messageExpression.trim()) errors.push(required(`${at}.messageExpression`, 'messageExpression must be non-empty if specified'));
  if (reason !== undefined && !reasons.includes(reason)) errors.push(notSupported(`${at}.reason`, reason, reasons));
  if (fieldPath && !fieldPath.trim()) errors.push(invalid(`${at}.fieldPath`, fieldPath, 'fieldPath must be non-empty if specified'));
  else if (fieldPath && hasBreaks(fieldPath)) errors.push(invalid(`${at}.fieldPath`, fieldPath, 'fieldPath must not contain line breaks'));
  else if (fieldPath && !leads(schema, fieldPath)) errors.push(invalid(`${at}.fieldPath`, fieldPath, 'fieldPath must be a valid path: does not refer to a valid field'));
  return errors;
}

/** True when a path such as `.spec['a-b']` leads to a field. */
function leads(schema: SchemaProps, path: string): boolean {
  const keys = [...path.matchAll(/\.([A-Za-z_][\w]*)|\['((?:[^'\\]|\\.)*)'\]/g)];
  if (keys.map(([text]) => text).join('') !== path) return false;
  return keys.reduce<SchemaProps | undefined>((at, [, name, quoted]) => fieldOf(at, name ?? quoted!), schema) !== undefined;
}

function compileErrors(at: string, { rule, error, messageError, usesOldSelf }: CompiledRule, withoutPast: string | undefined): FieldError[] {
  const shown = goRule(rule);
  const wrong = (field: string, detail: string): FieldError => ({ type: 'FieldValueInvalid', field, message: `Invalid value: ${shown}: ${detail}` });
  return [
    ...(error === undefined ? [] : [wrong(`${at}.rule`, error)]),
    ...(messageError === undefined ? [] : [wrong(`${at}.messageExpression`, messageError)]),
    ...(usesOldSelf && withoutPast !== undefined && error === undefined ? [invalid(`${at}.rule`, rule.rule, `oldSelf cannot be used on the uncorrelatable portion of the schema within ${withoutPast}`)] : []),
  ];
}

/** As %#v prints a rule; differs from Kubernetes: pointers are printed without their address. */
function goRule({ rule, message = '', messageExpression = '', reason, fieldPath = '', optionalOldSelf }: ValidationRule): string {
  const [text, expression, path] = [message, messageExpression, fieldPath].map((one) => JSON.stringify(one));
  return `apiextensions.ValidationRule{Rule:${JSON.stringify(rule)}, Message:${text}, MessageExpression:${expression}, Reason:(*apiextensions.FieldValueErrorReason)(${reason === undefined ? 'nil' : '0xc000000000'}), FieldPath:${path}, OptionalOldSelf:(*bool)(${optionalOldSelf === undefined ? 'nil' : '0xc000000000'})}`;
}
