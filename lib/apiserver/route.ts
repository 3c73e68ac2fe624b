// Paths of the API: /api/v1/namespaces/NS/pods/NAME/log and the like.
import { StatusError } from '../api/index.ts';
import type { ApiRequest } from './request.ts';

export interface Route {
  group: string;
  version: string;
  namespace?: string;
  plural: string;
  name?: string;
  subresource?: ApiRequest['subresource'];
  /** The old paths of watches, /api/v1/watch/… */
  watch?: boolean;
}

/** Undefined for a path that is not under /api or /apis, or too short to name a resource. */
export function routeOf(path: string): Route | undefined {
  const parts = decodeURIComponent(path).split('/').filter(Boolean);
  const [group, version, below] = parts[0] === 'api' ? ['', parts[1], parts.slice(2)] : parts[0] === 'apis' ? [parts[1], parts[2], parts.slice(3)] : [];
  if (group === undefined || !version || !below || below.length === 0) return undefined;
  const watch = below[0] === 'watch' && below.length > 1;
  const rest = watch ? below.slice(1) : below;
  const inNamespace = rest[0] === 'namespaces' && rest.length > 2 && !(rest.length === 3 && (rest[2] === 'status' || rest[2] === 'finalize'));
  const namespace = inNamespace ? rest[1] : undefined;
  const [plural, name, ...deeper] = inNamespace ? rest.slice(2) : rest;
  const subresource = deeper.length > 0 ? deeper.join('/') : undefined;
  return { group, version, namespace, plural: plural!, name, subresource: subresource as Route['subresource'], ...(watch && { watch }) };
}

export const unknownPath = () => new StatusError('NotFound', 404, 'the server could not find the requested resource', {});
export const methodNotAllowed = () => new StatusError('MethodNotAllowed', 405, 'the server does not allow this method on the requested resource', {});
