// How a plugin refuses a write.
import { forbidden, type StatusCause, type StatusError } from '../../api/index.ts';
import type { Attributes } from './index.ts';

/** An object that has no name yet goes by the beginning of the one it will get. */
export function refuse({ request, object }: Pick<Attributes, 'request' | 'object'>, why: string, causes?: StatusCause[]): StatusError {
  return forbidden(request.resource, request.name || object?.metadata.name || object?.metadata.generateName || 'Unknown', why, causes);
}
