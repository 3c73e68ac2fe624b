// Paths of files inside volumes and on hosts.
import type { FieldPath, Problems } from './problems.ts';

export const hasBacksteps = (path: string) => path.includes('..') && path.split('/').includes('..');

export function noBacksteps(problems: Problems, at: FieldPath, path: string): void {
  if (hasBacksteps(path)) problems.invalid(at, path, "must not contain '..'");
}

/** Relative, and not leaving where it starts. */
export function localPath(problems: Problems, at: FieldPath, path: string): void {
  if (path.startsWith('/')) problems.invalid(at, path, 'must be a relative path');
  noBacksteps(problems, at, path);
}

/** Names that begin with `..` are kept for the kubelet's own files. */
export function localNonReservedPath(problems: Problems, at: FieldPath, path: string): void {
  localPath(problems, at, path);
  if (path.startsWith('..') && !path.startsWith('../')) problems.invalid(at, path, "must not start with '..'");
}
