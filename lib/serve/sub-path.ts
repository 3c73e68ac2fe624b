// Subresources of pods that are streams: log, exec, attach, portforward.

export interface PodStream {
  namespace: string;
  name: string;
  subresource: 'log' | 'exec' | 'attach' | 'portforward';
  query: URLSearchParams;
}

const pattern = /^\/api\/v1\/namespaces\/([^/]+)\/pods\/([^/]+)\/(log|exec|attach|portforward)$/;

/** Undefined for all other paths. */
export function podStreamOf(url: string): PodStream | undefined {
  const { pathname, searchParams } = new URL(url.replace(/^\/+/, '/'), 'http://server');
  const [, namespace, name, subresource] = pattern.exec(pathname) ?? [];
  if (!namespace || !name) return undefined;
  return { namespace: decodeURIComponent(namespace), name: decodeURIComponent(name), subresource: subresource as PodStream['subresource'], query: searchParams };
}

export const isTrue = (query: URLSearchParams, name: string) => ['1', 'true'].includes(query.get(name) ?? '');
