// Requests that never reach a resource: paths with empty parts, and HEAD where only GET is known.
import { StatusError, type Version } from '../api/index.ts';
import type { HttpRequest, HttpResponse } from './http.ts';
import { rootPaths } from './root-paths.ts';

/** The answer to a path with an empty part, which no server knows; undefined for all other paths. */
export function answerToEmptyPart(path: string, version: Version): HttpResponse | undefined {
  const plain = path.split('?')[0]!;
  if (!plain.includes('//')) return undefined;
  if (plain.startsWith('//')) return { code: 404, body: { paths: rootPaths(version) } };
  if (plain.startsWith('/apis//')) return { code: 404, body: '404 page not found\n' };
  throw new StatusError('NotFound', 404, 'the server could not find the requested resource', {});
}

/** What answers a HEAD as it does a GET; all else knows its methods. */
const answersHead = /^\/(apis(\/[^/]+)?\/?|openapi\/.*)?$/;

export const isHead = ({ method }: HttpRequest, pathname: string): boolean => method === 'HEAD' && answersHead.test(pathname);
