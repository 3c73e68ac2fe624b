// Which part of the server answers a request.
import { badRequest, type KubeObject, methodNotSupported, StatusError, subresourcesOf } from '../api/index.ts';
import { knownUser, type UserInfo } from './authorization/index.ts';
import { nodeRestriction } from './authorization/node-restriction.ts';
import { answerReview } from './authorization/reviews.ts';
import { componentStatuses } from './component-status.ts';
import { deleteObject } from './delete.ts';
import { parseReadVersion } from './list-options.ts';
import { checkLogOptions, containerOfLog } from './log.ts';
import { patched } from './patch.ts';
import type { ApiRequest, ObjectList } from './request.ts';
import { whoAsks } from './self-review.ts';
import type { ApiServer } from './server.ts';
import { bindPod, evictPod, findScale, putScale } from './subresources.ts';
import { etcdTimeout } from './without-etcd.ts';

/** Answers one request. Throws a StatusError when it is refused. */
export function dispatch(server: ApiServer, request: ApiRequest): unknown {
  const { resource, verb } = request;
  const { registry, authorizer, tokens } = server;
  const late = server.etcdAnswers() ? undefined : etcdTimeout(request);
  if (late) throw late;
  if (resource.remote) return server.aggregator.handle(request);
  if (resource.kind === 'SelfSubjectReview' && verb === 'create') return whoAsks({ ...userOf(request), uid: request.uid, extra: request.extra }, request.version);
  if (resource.discoveryOnly) throw notServed();
  if (resource.transient && verb !== 'create') throw new StatusError('MethodNotAllowed', 405, 'the server does not allow this method on the requested resource', {});
  if (resource.kind === 'TokenReview') return tokens.review(request);
  if (resource.transient) return answerReview(authorizer, userOf(request), request);
  if (resource.kind === 'ComponentStatus' && resource.group === '') return componentStatuses(request, server.isRunning);
  if (resource.kind === 'Binding' && resource.group === '') return bindPod(registry, { ...request, resource: server.resourceOf('Pod'), name: request.object?.metadata?.name, subresource: 'binding' });
  if (request.groups) nodeRestriction.admit(request, registry.parts);
  const { subresource } = request;
  return subresource && subresource !== 'status' && subresource !== 'approval' ? onSubresource(server, request, subresource) : onObjects(server, request);
}

function onObjects(server: ApiServer, request: ApiRequest): unknown {
  const { registry } = server;
  const { resource, namespace, options } = request;
  switch (request.verb) {
    case 'get':
      server.checkVersion(parseReadVersion(resource, options?.resourceVersion));
      return server.storage.get(resource, namespace, request.name!);
    case 'list':
      return server.list(resource, namespace, options);
    case 'create':
      return registry.create(request);
    case 'update':
      return registry.update(request, (old) => nodeRestriction.admitUpdate(request, request.status ? patched(server, request, old) : (request.object as KubeObject), old));
    case 'patch':
      return registry.update(request, (old) => nodeRestriction.admitUpdate(request, patched(server, request, old), old));
    case 'delete':
      return deleteObject(registry, request).body;
    case 'deletecollection':
      return deleteCollection(server, request);
    case 'watch':
      throw badRequest('a watch is opened with watch()');
  }
}

function onSubresource(server: ApiServer, request: ApiRequest, subresource: NonNullable<ApiRequest['subresource']>): unknown {
  const { registry, tokens, storage, version } = server;
  const { resource, verb } = request;
  if (subresource === 'binding' && verb === 'create') return bindPod(registry, request);
  if (subresource === 'eviction' && verb === 'create') return evictPod(registry, request);
  if (subresource === 'token' && verb === 'create') return tokens.request(request);
  if (subresource === 'scale') {
    if (verb === 'get') return findScale(registry.parts, request);
    if (verb === 'update') return putScale(registry, request, () => request.object!);
    if (verb === 'patch') return putScale(registry, request, (scale) => patched(server, request, scale));
  }
  if (resource.subresourceStrategies?.[subresource]) {
    if (!subresourcesOf(resource, resource.versions[0]!.version, version).some(({ name }) => name === subresource)) throw notServed();
    if (verb === 'get') return storage.get(resource, request.namespace, request.name!);
    if (verb === 'update') return registry.update(request, () => request.object as KubeObject);
    if (verb === 'patch') return registry.update(request, (old) => patched(server, request, old));
  }
  if (subresource === 'finalize' && verb === 'update') return finalize(server, request);
  if (subresource === 'log' && verb === 'get') return logOf(server, request);
  throw methodNotSupported(resource, verb);
}

/** PUT namespaces/NAME/finalize: only `spec.finalizers` changes; with the last one the namespace goes. */
function finalize({ registry }: ApiServer, request: ApiRequest): KubeObject {
  const { metadata, spec } = request.object!;
  return registry.update(request, (old) => ({ ...old, metadata: metadata as KubeObject['metadata'], spec: spec ?? {} }));
}

function logOf({ storage, version, readLog }: ApiServer, { resource, namespace, name = '', options = {} }: ApiRequest): string {
  checkLogOptions(name, options);
  const pod = storage.get(resource, namespace, name);
  const container = containerOfLog(pod, options.container, version);
  return pod.spec.nodeName ? readLog(pod, container, options) : '';
}

function deleteCollection(server: ApiServer, request: ApiRequest): ObjectList {
  const { resource, namespace, options = {} } = request;
  const list = server.list(resource, namespace, options);
  let { gracePeriodSeconds } = options;
  for (const { metadata } of list.items) {
    const one = { ...request, verb: 'delete' as const, name: metadata.name, namespace: metadata.namespace, options: { ...options, gracePeriodSeconds } };
    try {
      const { object } = deleteObject(server.registry, one);
      if (resource.kind === 'Pod' && !server.version.has('delete-collection-own-options')) gracePeriodSeconds = object.metadata.deletionGracePeriodSeconds;
    } catch (error) {
      if (!(error instanceof StatusError && error.reason === 'NotFound')) throw error;
    }
  }
  return list;
}

/** Whoever authentication has told, or the component that names itself. */
const userOf = ({ user, groups }: ApiRequest): UserInfo => (groups ? { name: user, groups } : knownUser(user));

function notServed(): StatusError {
  return new StatusError('NotFound', 404, 'the server could not find the requested resource', { causes: [] });
}
