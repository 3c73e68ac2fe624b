// Which checks only warn (ValidateIgnorePreflightErrors).
import { type FieldError, invalid } from '../../../api/index.ts';
import { failWith } from '../frame/errors.ts';
import type { Ignored } from './check.ts';

export function ignoredChecks(given: readonly string[], inFile: readonly string[] = []): Ignored {
  const ignored = new Set([...inFile, ...given].map((name) => name.toLowerCase()));
  const errors: FieldError[] = [];
  if (inFile.some((name) => name.toLowerCase() === 'all')) errors.push(invalid('ignorePreflightErrors', 'all', "'all' cannot be used in configuration file"));
  if (ignored.has('all') && ignored.size > 1) errors.push(invalid('ignore-preflight-errors', [...ignored].sort().join(','), "don't specify individual checks if 'all' is used"));
  failWith(errors);
  return ignored;
}
