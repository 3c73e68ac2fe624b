// Requests and limits.
import { isQualifiedName } from '../../names.ts';
import type { Container } from '../../types.ts';
import { computeResources, isExtendedResource, isHugePages, isIntegerResource, isNativeResource, isStandardContainerResource, isStandardResource, mayOvercommit } from '../resource-names.ts';
import { goQuantity } from './go-text.ts';
import { quantity } from './quantities.ts';
import type { FieldPath, Problems } from './problems.ts';

type Resources = NonNullable<Container['resources']>;

/** A name that a container may ask for. */
export function validateContainerResourceName(problems: Problems, at: FieldPath, name: string): void {
  const messages = isQualifiedName(name);
  problems.each(at, name, messages);
  const bare = !name.includes('/');
  if (messages.length === 0 && bare && !isStandardResource(name)) problems.invalid(at, name, 'must be a standard resource type or fully qualified');
  if (bare) {
    if (!isStandardContainerResource(name)) problems.invalid(at, name, 'must be a standard resource for containers');
  } else if (!isNativeResource(name) && !isExtendedResource(name)) problems.invalid(at, name, "doesn't follow extended resource name standard");
}

/** Not negative; things that are counted come in whole numbers. */
export function validateAmount(problems: Problems, at: FieldPath, name: string, text: string): void {
  const amount = quantity(text);
  if (amount.sign < 0) problems.invalid(at, amount.toString(), 'must be greater than or equal to 0');
  if (isIntegerResource(name) && amount.milliValue() % 1000 !== 0) {
    problems.invalidText(at, goQuantity(String(text)), 'must be an integer');
  }
}

function validateEntry(problems: Problems, at: FieldPath, name: string, text: string): void {
  if (!computeResources.has(name)) validateContainerResourceName(problems, at.key(name), name);
  else if (quantity(text).sign >= 0) return;
  validateAmount(problems, at.key(name), name, text);
}

function compareWithLimit(problems: Problems, at: FieldPath, name: string, request: string, limit: string | undefined): void {
  if (limit === undefined) {
    if (!mayOvercommit(name)) problems.required(at.child('limits'), 'Limit must be set for non overcommitable resources');
    return;
  }
  const comparison = request === limit ? 0 : quantity(request).cmp(quantity(limit));
  if (comparison === 0) return;
  const text = quantity(request).toString();
  const limitName = problems.version.has('limit-in-message') ? `${name} limit of ${quantity(limit).toString()}` : `${name} limit`;
  if (!mayOvercommit(name)) problems.invalid(at.child('requests'), text, `must be equal to ${limitName}`);
  else if (comparison > 0) problems.invalid(at.child('requests'), text, `must be less than or equal to ${limitName}`);
}

const isCompute = (name: string) => name === 'cpu' || name === 'memory';

export function validateResources(problems: Problems, at: FieldPath, { limits, requests }: Resources): void {
  let [computes, hugePages] = [false, false];
  for (const name in limits) {
    validateEntry(problems, at.child('limits'), name, limits[name]!);
    if (isCompute(name)) computes = true;
    else if (isHugePages(name)) hugePages = true;
  }
  for (const name in requests) {
    validateEntry(problems, at.child('requests'), name, requests[name]!);
    compareWithLimit(problems, at, name, requests[name]!, limits?.[name]);
    if (isCompute(name)) computes = true;
    else if (isHugePages(name)) hugePages = true;
  }
  if (hugePages && !computes) problems.forbidden(at, 'HugePages require cpu or memory');
}
