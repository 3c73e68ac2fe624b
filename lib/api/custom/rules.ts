// Rules in CEL (`x-kubernetes-validations`): does an object, and its change, hold to what its schema says?
// (k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel)
import { compile, messageFrom, newEnvironment, type Program, root, typeOf } from '../cel/index.ts';
import { duplicate, type FieldError, forbiddenField, invalid, required } from '../field-error.ts';
import { equal } from '../object.ts';
import type { Version } from '../version.ts';
import { isMap, isObject, itemsOf, type SchemaProps, valuesOf } from './schema-props.ts';

export interface ValidationRule {
  rule: string;
  message?: string;
  messageExpression?: string;
  reason?: string;
  /** Below the value that the rule is about: `.spec.replicas`. */
  fieldPath?: string;
  optionalOldSelf?: boolean;
}

export interface CompiledRule {
  rule: ValidationRule;
  program?: Program;
  error?: string;
  message?: Program;
  messageError?: string;
  /** A transition rule: it asks about what was before. */
  usesOldSelf: boolean;
}

interface Compiled {
  rules: CompiledRule[];
  /** The value as expressions see it. */
  of(value: unknown): unknown;
}

export const rulesOf = (schema: SchemaProps) => (schema['x-kubernetes-validations'] ?? []) as ValidationRule[];
const cache = new WeakMap<SchemaProps, Compiled>();

/** The rules of one schema, compiled once. */
export function compiledRules(schema: SchemaProps, isRoot: boolean): Compiled {
  let found = cache.get(schema);
  if (!found) cache.set(schema, (found = compileRules(schema, isRoot)));
  return found;
}

function compileRules(schema: SchemaProps, isRoot: boolean): Compiled {
  const env = newEnvironment();
  const type = typeOf(env, schema, isRoot ? root : 'selfType') ?? { name: 'dyn', of: (value: unknown) => value };
  env.registerVariable('self', type.name);
  const plain = env.clone();
  const changing = plain.clone().registerVariable('oldSelf', type.name);
  return {
    of: type.of,
    rules: rulesOf(schema).map((rule) => {
      const usesOldSelf = namesOldSelf(rule.rule);
      const { program, error } = compile(usesOldSelf ? changing : plain, rule.rule);
      const message = rule.messageExpression ? compile(usesOldSelf || namesOldSelf(rule.messageExpression) ? changing : plain, rule.messageExpression) : undefined;
      const wrong = (found: Program | undefined, type: string) => found && found.type !== type && found.type !== 'dyn';
      return {
        rule,
        usesOldSelf,
        program,
        error: error !== undefined ? `compilation failed: ${error}` : wrong(program, 'bool') ? 'cel expression must evaluate to a bool' : undefined,
        message: message?.program,
        messageError: message?.error !== undefined ? `messageExpression compilation failed: ${message.error}` : wrong(message?.program, 'string') ? 'messageExpression must evaluate to a string' : undefined,
      };
    }),
  };
}

const namesOldSelf = (expression: string) => /\boldSelf\b/.test(expression.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, ''));

/** What rules say of a value; `old` is what stood there before, undefined where nothing did. */
export function ruleErrors(schema: SchemaProps | undefined, value: unknown, { old, version }: { old?: unknown; version: Version }): FieldError[] {
  if (!schema || !version.has('crd-validation-rules') || !hasRules(schema)) return [];
  return walk(schema, value, { path: '', old, isRoot: true, ratchets: version.has('crd-ratcheting') });
}

const withRules = new WeakMap<SchemaProps, boolean>();

function hasRules(schema: SchemaProps): boolean {
  let found = withRules.get(schema);
  if (found === undefined) {
    const [items, values] = [itemsOf(schema), valuesOf(schema)];
    found = rulesOf(schema).length > 0 || [...Object.values(schema.properties ?? {}), ...(items ? [items] : []), ...(values ? [values] : [])].some(hasRules);
    withRules.set(schema, found);
  }
  return found;
}

interface Place {
  path: string;
  old: unknown;
  isRoot: boolean;
  ratchets: boolean;
}

function walk(schema: SchemaProps, value: unknown, place: Place): FieldError[] {
  if (value === null || value === undefined || !hasRules(schema)) return [];
  const { path, old } = place;
  const errors = ownErrors(schema, value, place);
  const below = (one: SchemaProps | undefined, key: string, now: unknown, before: unknown) => (one ? walk(one, now, { ...place, path: `${path}${key}`, old: before, isRoot: false }) : []);
  if (Array.isArray(value)) value.forEach((item, i) => errors.push(...below(itemsOf(schema), `[${i}]`, item, sameItem(schema, item, old))));
  else if (isObject(value)) {
    const before = isObject(old) ? old : {};
    const map = isMap(schema);
    for (const key of Object.keys(value).sort()) errors.push(...below(map ? valuesOf(schema) : schema.properties?.[key], map ? `[${key}]` : path ? `.${key}` : key, value[key], before[key]));
  }
  return errors;
}

/** The element that stood for this one before: only lists of the type map tell theirs apart. */
function sameItem(schema: SchemaProps, item: unknown, old: unknown): unknown {
  const keys = schema['x-kubernetes-list-map-keys'];
  if (schema['x-kubernetes-list-type'] !== 'map' || !keys || !Array.isArray(old) || !isObject(item)) return undefined;
  return old.find((other) => isObject(other) && keys.every((key) => equal(other[key], item[key])));
}

function ownErrors(schema: SchemaProps, value: unknown, { path, old, isRoot, ratchets }: Place): FieldError[] {
  if (rulesOf(schema).length === 0) return [];
  const { rules, of } = compiledRules(schema, isRoot);
  const had = old !== undefined && old !== null;
  const unchanged = ratchets && had && equal(value, old);
  const variables = { self: of(value), ...(had && { oldSelf: of(old) }) };
  const type = schema.type ?? 'object';
  return rules.flatMap((compiled) => {
    const { rule, program, usesOldSelf } = compiled;
    if (!program || (usesOldSelf && !had) || (unchanged && !usesOldSelf)) return [];
    try {
      return program.run(variables) === true ? [] : [refusal(rule, `${path}${rule.fieldPath ?? ''}`.replace(/^\./, '') || '<nil>', { type, text: messageOf(compiled, variables) })];
    } catch (error) {
      const { message } = error as Error;
      const short = (rule.message ?? rule.rule).trim();
      return [invalid(path || '<nil>', type, message.startsWith('no such overload') ? `'${message}': call arguments did not match a supported operator, function or macro signature for rule: ${short}` : `${message} evaluating rule: ${short}`)];
    }
  });
}

function messageOf({ rule, message }: CompiledRule, variables: Record<string, unknown>): string {
  return messageFrom(message, variables, rule.message?.trim() || `failed rule: ${rule.rule.trim()}`);
}

function refusal({ reason }: ValidationRule, field: string, { type, text }: { type: string; text: string }): FieldError {
  if (reason === 'FieldValueForbidden') return forbiddenField(field, text);
  if (reason === 'FieldValueRequired') return required(field, text);
  if (reason === 'FieldValueDuplicate') return duplicate(field, type);
  return invalid(field, type, text);
}
