// Labels and selectors as fields of other objects (apimachinery/pkg/apis/meta/v1/validation).
import { isQualifiedName, isValidLabelValue } from '../../names.ts';
import type { LabelSelector } from '../../types.ts';
import type { FieldPath, Problems } from './problems.ts';

export function validateLabelName(problems: Problems, at: FieldPath, name: string): void {
  problems.each(at, name, isQualifiedName(name));
}

export function validateLabels(problems: Problems, at: FieldPath, labels: Record<string, string> | undefined): void {
  for (const key in labels) {
    validateLabelName(problems, at, key);
    problems.each(at, labels[key], isValidLabelValue(labels[key]!));
  }
}

export function validateLabelSelector(problems: Problems, at: FieldPath, selector: LabelSelector | undefined): void {
  if (!selector) return;
  validateLabels(problems, at.child('matchLabels'), selector.matchLabels);
  selector.matchExpressions?.forEach(({ key = '', operator = '', values = [] }, i) => {
    const path = at.child('matchExpressions').index(i);
    if (operator === 'In' || operator === 'NotIn') {
      if (values.length === 0) problems.required(path.child('values'), "must be specified when `operator` is 'In' or 'NotIn'");
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      if (values.length > 0) problems.forbidden(path.child('values'), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
    } else problems.invalid(path.child('operator'), operator, 'not a valid selector operator');
    validateLabelName(problems, path.child('key'), key);
    if (!problems.version.has('selector-values-validated')) return;
    values.forEach((value, j) => problems.each(path.child('values').index(j), value, isValidLabelValue(value)));
  });
}

/** Annotations: keys are names in lower or upper case; together they may not be larger than 256 KiB. */
export function validateAnnotations(problems: Problems, at: FieldPath, annotations: Record<string, string> | undefined): void {
  let size = 0;
  for (const key in annotations) {
    problems.each(at, key, isQualifiedName(key.toLowerCase()));
    size += key.length + annotations[key]!.length;
  }
  if (size > 256 * 1024) problems.tooLong(at, 256 * 1024);
}
