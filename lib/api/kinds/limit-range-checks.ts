// Validation of limit ranges.
import type { FieldError } from '../field-error.ts';
import { isQualifiedName } from '../names.ts';
import type { Quantity } from '../quantity.ts';
import type { KubeObject, LimitRangeItem } from '../types.ts';
import type { Version } from '../version.ts';
import { goQuantity } from './pod-spec/go-text.ts';
import { type FieldPath, Problems, specPath } from './pod-spec/problems.ts';
import { quantity } from './pod-spec/quantities.ts';
import { validateContainerResourceName } from './pod-spec/validate-resources.ts';
import { isStandardResource, mayOvercommit } from './resource-names.ts';

type List = Record<string, string>;

const standardTypes = ['Pod', 'Container', 'PersistentVolumeClaim'];

function validateType(problems: Problems, at: FieldPath, type: string): void {
  const messages = isQualifiedName(type);
  problems.each(at, type, messages);
  if (messages.length === 0 && !type.includes('/') && !standardTypes.includes(type)) problems.invalid(at, type, 'must be a standard limit type or fully qualified');
}

function validateName(problems: Problems, at: FieldPath, type: string, name: string): void {
  if (type === 'Pod' || type === 'Container') return validateContainerResourceName(problems, at, name);
  const messages = isQualifiedName(name);
  problems.each(at, name, messages);
  if (messages.length === 0 && !name.includes('/') && !isStandardResource(name)) problems.invalid(at, name, 'must be a standard resource type or fully qualified');
}

/** Milli-units where they are small enough for that. */
function maxToMin(max: Quantity, min: Quantity): number {
  const small = [max, min].every((amount) => amount.value() < 9223372036854775);
  return small ? max.milliValue() / min.milliValue() : max.value() / min.value();
}

/** What the amounts of one resource say of each other. */
function validateAmounts(problems: Problems, at: FieldPath, name: string, { type, ...item }: LimitRangeItem): void {
  const of = (list: List | undefined) => (list?.[name] === undefined ? undefined : { text: list[name]!, amount: quantity(list[name]!) });
  const [min, max, ratio] = [of(item.min), of(item.max), of(item.maxLimitRequestRatio)];
  const [limit, request] = type === 'Pod' ? [] : [of(item.default), of(item.defaultRequest)];
  const wrong = (field: string, { text }: { text: string }, detail: string) => problems.invalidText(at.child(field).key(name), goQuantity(text), detail);
  const above = (a: typeof min, b: typeof min) => a && b && a.amount.cmp(b.amount) > 0;
  if (above(min, max)) wrong('min', min!, `min value ${min!.amount} is greater than max value ${max!.amount}`);
  if (above(min, request)) wrong('defaultRequest', request!, `min value ${min!.amount} is greater than default request value ${request!.amount}`);
  if (above(request, max)) wrong('defaultRequest', request!, `default request value ${request!.amount} is greater than max value ${max!.amount}`);
  if (above(request, limit)) wrong('defaultRequest', request!, `default request value ${request!.amount} is greater than default limit value ${limit!.amount}`);
  if (above(min, limit)) wrong('default', min!, `min value ${min!.amount} is greater than default value ${limit!.amount}`);
  if (above(limit, max)) wrong('default', max!, `default value ${limit!.amount} is greater than max value ${max!.amount}`);
  if (ratio && ratio.amount.cmp(quantity('1')) < 0) wrong('maxLimitRequestRatio', ratio, `ratio ${ratio.amount} is less than 1`);
  if (ratio && min && max && ratio.amount.milliValue() / 1000 > maxToMin(max.amount, min.amount)) wrong('maxLimitRequestRatio', ratio, `ratio ${ratio.amount} is greater than max/min = ${maxToMin(max.amount, min.amount).toFixed(6)}`);
  if (!mayOvercommit(name) && limit && request && limit.amount.cmp(request.amount) !== 0) wrong('defaultRequest', request, `default value ${limit.amount} must equal to defaultRequest value ${request.amount} in ${name}`);
}

function validateItem(problems: Problems, at: FieldPath, item: LimitRangeItem): void {
  const isPod = item.type === 'Pod';
  const check = (field: 'max' | 'min' | 'default' | 'defaultRequest' | 'maxLimitRequestRatio') => {
    for (const name in item[field]) validateName(problems, at.child(field).key(name), item.type, name);
  };
  check('max');
  check('min');
  for (const field of ['default', 'defaultRequest'] as const) {
    if (!isPod) check(field);
    else if (Object.keys(item[field] ?? {}).length > 0) problems.forbidden(at.child(field), "may not be specified when `type` is 'Pod'");
  }
  if (item.type === 'PersistentVolumeClaim' && item.min?.['storage'] === undefined && item.max?.['storage'] === undefined) {
    problems.required(at.child('limits'), 'either minimum or maximum storage value is required, but neither was provided');
  }
  check('maxLimitRequestRatio');
  const lists = [item.max, item.min, ...(isPod ? [] : [item.default, item.defaultRequest]), item.maxLimitRequestRatio];
  for (const name of new Set(lists.flatMap((list) => Object.keys(list ?? {})))) validateAmounts(problems, at, name, item);
}

export function limitRangeErrors({ spec }: KubeObject, version: Version): FieldError[] {
  const problems = new Problems(version);
  const limits: LimitRangeItem[] = spec.limits ?? [];
  limits.forEach((item, i) => {
    const at = specPath.child('limits').index(i);
    validateType(problems, at.child('type'), item.type);
    if (limits.findIndex(({ type }) => type === item.type) < i) problems.duplicate(at.child('type'), item.type);
    validateItem(problems, at, item);
  });
  return problems.list;
}
