// Subresources of pods that are streams: log, exec, attach, portforward.
import type { IncomingMessage } from 'node:http';
import { badRequest } from '../api/index.ts';

/** The URL of a request line. Throws a bad request for what is none. */
export function urlOf({ url = '/' }: IncomingMessage): URL {
  try {
    return new URL(url.replace(/^\/+/, '/'), 'http://server');
  } catch {
    throw badRequest(`invalid URL ${JSON.stringify(url)}`);
  }
}

export interface PodStream {
  namespace: string;
  name: string;
  subresource: 'log' | 'exec' | 'attach' | 'portforward';
  query: URLSearchParams;
}

const pattern = /^\/api\/v1\/namespaces\/([^/]+)\/pods\/([^/]+)\/(log|exec|attach|portforward)$/;

/** Undefined for all other paths. */
export function podStreamOf({ pathname, searchParams }: URL): PodStream | undefined {
  const [, namespace, name, subresource] = pattern.exec(pathname) ?? [];
  if (!namespace || !name) return undefined;
  return { namespace: plain(namespace), name: plain(name), subresource: subresource as PodStream['subresource'], query: searchParams };
}

/** A name that is badly encoded is nobody's name. */
function plain(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export const isTrue = (query: URLSearchParams, name: string) => ['1', 'true'].includes(query.get(name) ?? '');
