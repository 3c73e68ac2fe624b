// Does a value fit its schema? Order and words of k8s.io/kube-openapi/pkg/validation.
import { type FieldError, invalid, notSupported, required } from '../field-error.ts';
import { goRegExp } from '../go-regexp.ts';
import { equal } from '../object.ts';
import type { Version } from '../version.ts';
import { hasFormat, isKnownFormat } from './formats.ts';
import { isObject, type Json, type SchemaProps } from './schema-props.ts';

/** One finding. Without a path it is about how schemas go together. */
interface Finding {
  text: string;
  path?: string;
  value?: unknown;
  kind?: 'required' | 'enum';
  values?: unknown[];
}

/** Findings, and how many checks held: of several schemas the one that almost fits is reported. */
class Result {
  findings: Finding[] = [];
  matches = 0;

  add(...findings: Finding[]): this {
    for (const finding of findings) if (!this.findings.some(({ text }) => text === finding.text)) this.findings.push(finding);
    return this;
  }
  merge(other: Result): this {
    this.matches += other.matches;
    return this.add(...other.findings);
  }
  get valid(): boolean {
    return this.findings.length === 0;
  }
}

/** What is wrong with a value, as errors of fields below `field`. */
export function schemaErrors(schema: SchemaProps, value: unknown, { field = '', version }: { field?: string; version: Version }): FieldError[] {
  const nowhere = field || '<nil>';
  return validate(schema, value, { path: '', indexed: version.has('custom-item-paths') }).findings.map((finding) => {
    if (finding.path === undefined) return invalid(nowhere, '', finding.text);
    const at = finding.path.replace(/^\./, '');
    const path = !at ? nowhere : field ? `${field}.${at}` : at;
    if (finding.kind === 'required') return required(path);
    if (finding.kind === 'enum') return notSupported(path, finding.value, finding.values!.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))));
    return invalid(path, finding.value ?? '', finding.text);
  });
}

/** Where we are; older releases named a list for all of its elements. */
interface Place {
  path: string;
  indexed: boolean;
}

function validate(schema: SchemaProps, value: unknown, place: Place): Result {
  const { path } = place;
  const result = new Result();
  const types = typesOf(schema);
  if (value === null || value === undefined) {
    if (types.length > 0 && !schema.nullable) result.add(wrongType(path, types.join(','), 'null'));
    return schema.enum ? result.merge(enumResult(schema.enum, value, path)) : result;
  }
  const check = (one: Result | undefined) => {
    if (one) result.merge(one);
    result.matches++;
  };
  if (types.length > 0 || formatOf(schema)) check(typeResult(schema, types, value, path));
  check(combined(schema, value, place));
  if (typeof value === 'string') check(stringResult(schema, value, path));
  if (typeof value === 'string' && formatOf(schema)) check(formatResult(schema.format!, value, path));
  if (typeof value === 'number') check(numberResult(schema, value, path));
  if (Array.isArray(value)) check(listResult(schema, value, place));
  check(schema.enum && enumResult(schema.enum, value, path));
  if (isObject(value)) check(objectResult(schema, value, place));
  result.matches++;
  return result;
}

const typesOf = (schema: SchemaProps): string[] => (schema['x-kubernetes-int-or-string'] ? ['integer', 'string'] : schema.type ? [schema.type] : []);
const formatOf = ({ format }: SchemaProps): boolean => isKnownFormat(format);
const one = (finding: Finding): Result => new Result().add(finding);
const matching = (): Result => Object.assign(new Result(), { matches: 1 });
const quote = (text: string) => JSON.stringify(text);

const wrongType = (path: string, type: string, value: string): Finding => ({ path, value, text: `${path} in body must be of type ${type}: ${quote(value)}` });

function typeName(value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return Array.isArray(value) ? 'array' : typeof value;
}

function typeResult(schema: SchemaProps, types: string[], value: unknown, path: string): Result {
  const type = typeName(value);
  const isNumeric = types.includes('number') || types.includes('integer');
  if (!isNumeric && formatOf(schema) && (type === 'string' || type === 'array')) return matching();
  if (types.includes(type) || (type === 'integer' && types.includes('number'))) return matching();
  return one(wrongType(path, types.join(','), type));
}

function combined({ anyOf = [], oneOf = [], allOf = [], not }: SchemaProps, value: unknown, place: Place): Result {
  const { path } = place;
  const main = new Result();
  const of = (schemas: SchemaProps[]) => schemas.map((schema) => validate(schema, value, place));
  if (anyOf.length > 0) {
    const results = of(anyOf);
    const success = results.find(({ valid }) => valid);
    if (!success) main.add({ text: `${quote(path)} must validate at least one schema (anyOf)` });
    main.merge(success ?? best(results));
  }
  if (oneOf.length > 0) {
    const results = of(oneOf);
    const count = results.filter(({ valid }) => valid).length;
    if (count !== 1) main.add({ text: `${quote(path)} must validate one and only one schema (oneOf). ${count === 0 ? 'Found none valid' : `Found ${count} valid alternatives`}` });
    if (count < 2) main.merge(results.find(({ valid }) => valid) ?? best(results));
  }
  if (allOf.length > 0) {
    const results = of(allOf);
    const count = results.filter(({ valid }) => valid).length;
    for (const result of results) main.merge(result);
    if (count !== allOf.length) main.add({ text: `${quote(path)} must validate all the schemas (allOf)${count === 0 ? '. None validated' : ''}` });
  }
  if (not && validate(not, value, place).valid) main.add({ text: `${quote(path)} must not validate the schema (not)` });
  main.matches++;
  return main;
}

/** The first of those in which most checks held. */
const best = (results: Result[]): Result => results.reduce((most, result) => (result.matches > most.matches ? result : most));

function stringResult({ maxLength, minLength, pattern }: SchemaProps, value: string, path: string): Result | undefined {
  const length = [...value].length;
  if (maxLength !== undefined && length > maxLength) return one({ path, value, text: `${path} in body should be at most ${maxLength} chars long` });
  if (minLength !== undefined && length < minLength) return one({ path, value, text: `${path} in body should be at least ${minLength} chars long` });
  if (pattern && !goRegExp(pattern).test(value)) return one({ path, value, text: `${path} in body should match '${pattern}'` });
  return undefined;
}

const formatResult = (format: string, value: string, path: string): Result | undefined =>
  hasFormat(format, value) ? undefined : one({ path, value, text: `${path} in body must be of type ${format}: ${quote(value)}` });

function numberResult({ multipleOf, maximum, minimum, exclusiveMaximum, exclusiveMinimum }: SchemaProps, value: number, path: string): Result {
  const result = new Result();
  const say = (what: string) => result.add({ path, value, text: `${path} in body should be ${what}` });
  if (multipleOf !== undefined && !isWhole(value / multipleOf)) say(`a multiple of ${multipleOf}`);
  if (minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum)) say(`greater than ${exclusiveMinimum ? '' : 'or equal to '}${minimum}`);
  if (maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum)) say(`less than ${exclusiveMaximum ? '' : 'or equal to '}${maximum}`);
  result.matches++;
  return result;
}

const isWhole = (value: number) => Math.abs(value - Math.round(value)) < 1e-9;

function listResult({ items, minItems, maxItems, uniqueItems }: SchemaProps, value: unknown[], { path, indexed }: Place): Result {
  const result = new Result();
  if (items && !Array.isArray(items)) value.forEach((item, i) => result.merge(validate(items, item, { path: indexed ? `${path}[${i}]` : path, indexed })));
  if (minItems !== undefined && value.length < minItems) result.add({ path, value: value.length, text: `${path} in body should have at least ${minItems} items` });
  if (maxItems !== undefined && value.length > maxItems) result.add({ path, value: value.length, text: `${path} in body should have at most ${maxItems} items` });
  if (uniqueItems && value.some((item, i) => value.slice(0, i).some((other) => equal(item, other)))) result.add({ path, text: `${path} in body shouldn't contain duplicates` });
  result.matches++;
  return result;
}

function enumResult(values: unknown[], value: unknown, path: string): Result {
  if (values.some((one) => equal(one, value))) return new Result();
  return one({ path, kind: 'enum', value: value ?? null, values, text: `${path} in body should be one of [${values.join(' ')}]` });
}

function objectResult(schema: SchemaProps, value: Json, { path, indexed }: Place): Result {
  const { properties = {}, additionalProperties, required: wanted = [], minProperties, maxProperties } = schema;
  const keys = Object.keys(value).sort();
  if (minProperties !== undefined && keys.length < minProperties) return one({ path, value: minProperties, text: `${path} in body should have at least ${minProperties} properties` });
  if (maxProperties !== undefined && keys.length > maxProperties) return one({ path, value: maxProperties, text: `${path} in body should have at most ${maxProperties} properties` });
  const result = new Result();
  for (const key of keys.filter((key) => !Object.hasOwn(properties, key))) {
    if (additionalProperties === false) result.add({ path, value: key, text: `${path}.${key} in body is a forbidden property` });
    else if (typeof additionalProperties === 'object') result.merge(validate(additionalProperties, value[key], { path: `${path}.${key}`, indexed }));
  }
  for (const key of Object.keys(properties).sort()) if (Object.hasOwn(value, key)) result.merge(validate(properties[key]!, value[key], { path: path ? `${path}.${key}` : key, indexed }));
  for (const key of wanted) if (!Object.hasOwn(value, key)) result.add({ path: `${path}.${key}`, kind: 'required', text: `${path}.${key} in body is required` });
  return result;
}
