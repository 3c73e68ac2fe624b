// Subresources and printer columns of a definition.
import { type FieldError, invalid, required } from '../field-error.ts';
import type { DefinitionVersion, PrinterColumn } from './definition-checks.ts';

const isSimplePath = (path: string) => path.startsWith('.');

export function subresourceErrors(subresources: DefinitionVersion['subresources'], path: string): FieldError[] {
  const scale = subresources?.scale;
  if (!scale) return [];
  const check = (name: 'specReplicasPath' | 'statusReplicasPath', root: string): FieldError[] => {
    const value = scale[name] ?? '';
    const at = `${path}.scale.${name}`;
    if (!value) return [required(at)];
    if (!isSimplePath(value)) return [invalid(at, value, 'must be a simple json path starting with .')];
    return value.startsWith(`.${root}.`) ? [] : [invalid(at, value, `should be a json path under .${root}`)];
  };
  const errors = [...check('specReplicasPath', 'spec'), ...check('statusReplicasPath', 'status')];
  const { labelSelectorPath: selector } = scale;
  if (!selector) return errors;
  const at = `${path}.scale.labelSelectorPath`;
  if (!isSimplePath(selector)) return [...errors, invalid(at, selector, 'must be a simple json path starting with .')];
  return /^\.(spec|status)\./.test(selector) ? errors : [...errors, invalid(at, selector, 'should be a json path under either .spec or .status')];
}

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string'];
const columnFormats = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password'];

export function columnErrors(columns: PrinterColumn[] = [], path: string): FieldError[] {
  return columns.flatMap(({ name, type, format = '', jsonPath }, i) => {
    const at = `${path}[${i}]`;
    const errors: FieldError[] = name ? [] : [required(`${at}.name`)];
    if (!type) errors.push(required(`${at}.type`, `must be one of ${columnTypes.join(',')}`));
    else if (!columnTypes.includes(type)) errors.push(invalid(`${at}.type`, type, `must be one of ${columnTypes.join(',')}`));
    if (format && !columnFormats.includes(format)) errors.push(invalid(`${at}.format`, format, `must be one of ${columnFormats.join(',')}`));
    if (!jsonPath) errors.push(required(`${at}.JSONPath`));
    else if (!isSimplePath(jsonPath)) errors.push(invalid(`${at}.JSONPath`, jsonPath, 'must be a simple json path starting with .'));
    return errors;
  });
}
