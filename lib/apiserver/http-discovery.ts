// What can be had: the answers that tell a client about groups, versions and kinds.
import { aggregatedDiscovery, aggregatedType, aggregatedVersion, customKinds, discovery, type Resource, type Version } from '../api/index.ts';
import { accepts, checkRouted, inWantedForm, notRouted, offerOf, plainForm, wantedForm } from './accept.ts';
import type { HttpRequest, HttpResponse } from './http.ts';
import { allPaths } from './root-paths.ts';
import { type Route, unknownPath } from './route.ts';
import type { ApiServer } from './server.ts';

/** Who serves custom kinds has nothing to say about others. */
export const isCustomGroup = (version: Version, group: string) => customKinds(version).rows.some((row) => row.group === group);

/** All groups and resources at once, for clients that know how to ask for it. */
export function aggregated(server: ApiServer, path: string, { accept = '' }: HttpRequest): HttpResponse | undefined {
  const [, name] = /^\/(apis?)\/?$/.exec(path) ?? [];
  const version = name && aggregatedVersion(accept, server.version);
  return version ? { code: 200, body: aggregatedDiscovery(server.version, { version, legacy: name === 'api' }), type: aggregatedType(version) } : undefined;
}

export function informational(server: ApiServer, path: string): HttpResponse | undefined {
  const { version, apiVersions, apiGroupList, apiGroup, apiResourceList } = discovery(server.version);
  const trimmed = path.replace(/\/$/, '');
  if (trimmed === '') return { code: 200, body: { paths: allPaths(server.version) } };
  if (trimmed === '/version') return { code: 200, body: version() };
  if (trimmed === '/api') return { code: 200, body: apiVersions() };
  if (trimmed === '/apis') return { code: 200, body: apiGroupList() };
  const [, , first, second, ...rest] = trimmed.split('/');
  if (rest.length > 0) return undefined;
  if (/^\/api\/[^/]+$/.test(trimmed)) {
    if (!apiResourceList('', first!)) throw unknownPath();
    return found(apiResourceList('', first!));
  }
  if (/^\/apis\/[^/]+$/.test(trimmed)) return found(apiGroup(first!));
  if (/^\/apis\/[^/]+\/[^/]+$/.test(trimmed)) {
    // A group that is served answers for its unknown versions itself.
    if (apiGroup(first!) && !apiResourceList(first!, second!) && !isCustomGroup(server.version, first!)) throw unknownPath();
    return found(apiResourceList(first!, second!));
  }
  return undefined;
}

/** Differs from Kubernetes: kinds that only discovery knows can be listed, so that `kubectl get all` works; there never are any. */
export function noneOf(server: ApiServer, { accept }: HttpRequest, resource: Resource, { version }: Route): HttpResponse {
  const list = { kind: resource.listKind ?? `${resource.kind}List`, apiVersion: resource.group ? `${resource.group}/${version}` : version, metadata: { resourceVersion: String(server.storage.store.revision) }, items: [] };
  const wanted = wantedForm(accept || undefined, offerOf(resource, version));
  return { code: 200, body: inWantedForm(server, resource, list, { wanted }), media: wanted.type };
}

/** What discovery says can be had as it is only. */
export function discovered(path: string, { accept }: HttpRequest, answer: HttpResponse): HttpResponse {
  if (path === '/' || answer.code !== 200) return answer;
  if (path === '/version' && accept && !accepts(accept, ['application/json', '*/*'])) throw notRouted();
  if (path === '/version' || /^\/apis?\/?$|^\/api\/|^\/apis\/[^/]+\/[^/]/.test(path)) if (!path.startsWith('/apis') || path.split('/').length > 3) checkRouted(accept);
  return path === '/version' ? answer : { ...answer, media: plainForm(accept) };
}

export const isDiscovery = (server: ApiServer, path: string) => path !== '/' && informational(server, path)?.code === 200;

export function found(body: unknown): HttpResponse {
  if (body === undefined) return { code: 404, body: '404 page not found\n' };
  return { code: 200, body };
}
