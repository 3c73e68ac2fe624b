import { StatusError } from '../../api/index.ts';

/** In a namespace that is going away every creation fails, and rightly so. */
export function isNamespaceTerminating(error: unknown): boolean {
  return error instanceof StatusError && (error.details?.causes ?? []).some(({ reason }) => reason === 'NamespaceTerminating');
}
