// Checks of labels and label selectors inside a spec (apimachinery/pkg/apis/meta/v1/validation).
import { type FieldError, forbiddenField, invalid, required } from '../field-error.ts';
import { isQualifiedName, isValidLabelValue } from '../names.ts';
import type { LabelSelector } from '../types.ts';
import type { Version } from '../version.ts';
import { invalidAll } from './checks.ts';

export function labelsErrors(field: string, labels: Record<string, string> | undefined, version?: Version): FieldError[] {
  const errors: FieldError[] = [];
  for (const key in labels) {
    errors.push(...invalidAll(field, key, isQualifiedName(key)));
    errors.push(...invalidAll(field, labels[key], isValidLabelValue(labels[key]!)));
  }
  return errors;
}

export function labelSelectorErrors(field: string, selector: LabelSelector | undefined, version?: Version): FieldError[] {
  if (!selector) return [];
  const errors = labelsErrors(`${field}.matchLabels`, selector.matchLabels, version);
  for (const [i, { key, operator, values = [] }] of (selector.matchExpressions ?? []).entries()) {
    const at = `${field}.matchExpressions[${i}]`;
    const needsValues = operator === 'In' || operator === 'NotIn';
    if (needsValues && values.length === 0) errors.push(required(`${at}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
    else if ((operator === 'Exists' || operator === 'DoesNotExist') && values.length > 0) {
      errors.push(forbiddenField(`${at}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
    } else if (!needsValues && operator !== 'Exists' && operator !== 'DoesNotExist') errors.push(invalid(`${at}.operator`, operator, 'not a valid selector operator'));
    errors.push(...invalidAll(`${at}.key`, key, isQualifiedName(key)));
  }
  return errors;
}
