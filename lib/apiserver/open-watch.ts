// GET with watch=true: opens the watch that the options ask for.
import { type FieldError, forbiddenField, invalidObject, type KubeObject, notSupported, type Resource, StatusError } from '../api/index.ts';
import { inWantedForm, type Wanted } from './accept.ts';
import { isTrue } from './query.ts';
import type { RequestOptions } from './request.ts';
import type { ApiServer } from './server.ts';
import type { Table } from './table.ts';
import type { Watch } from './watch.ts';
import { WatchFrames } from './watch-frames.ts';

export interface WatchRequest {
  resource: Resource;
  /** The API version that objects are wanted in, `apps/v1`. */
  apiVersion: string;
  namespace?: string;
  options: RequestOptions;
  query: URLSearchParams;
  wanted: Wanted;
  /** Puts an object into the wanted API version. */
  convert(object: KubeObject): unknown;
}

export interface OpenWatch {
  /** Missing when the watch was refused with an event. */
  watch?: Watch;
  frames: WatchFrames;
}

export function openWatch(server: ApiServer, { resource, apiVersion, namespace, options, query, wanted, convert }: WatchRequest): OpenWatch {
  const knowsInitial = server.version.has('watch-list');
  const initial = knowsInitial ? initialEventsOf(query) : undefined;
  if (knowsInitial) checkMatch(query, initial);
  const bookmarks = isTrue(query.get('allowWatchBookmarks'));
  const form = (object: KubeObject, first: boolean) => {
    const formed = inWantedForm(server, resource, convert(object), { wanted, includeObject: query.get('includeObject') ?? undefined });
    return !first && (formed as Table).kind === 'Table' ? { ...(formed as Table), columnDefinitions: null } : formed;
  };
  const from = initial === true ? undefined : initial === false && !Number(options.resourceVersion) ? String(server.storage.store.revision) : options.resourceVersion;
  const framesOf = (watch: Watch | StatusError) => new WatchFrames(server, watch, { of: { apiVersion, kind: resource.kind }, form, bookmarks, marksInitialEnd: initial === true && bookmarks });
  try {
    const watch = server.watch(resource, namespace, { ...options, resourceVersion: from, ...(knowsInitial && { resourceVersionMatch: undefined }) });
    return { watch, frames: framesOf(watch) };
  } catch (error) {
    if (error instanceof StatusError && error.code === 410) return { frames: framesOf(error) };
    throw error;
  }
}

function initialEventsOf(query: URLSearchParams): boolean | undefined {
  const text = query.get('sendInitialEvents');
  return text === null || text === '' ? undefined : isTrue(text);
}

/** What a watch's options may say together (apimachinery/pkg/apis/meta/internalversion/validation). */
function checkMatch(query: URLSearchParams, initial: boolean | undefined): void {
  const match = query.get('resourceVersionMatch') ?? '';
  const errors: FieldError[] = [];
  if (initial === undefined) {
    if (match) errors.push(forbiddenField('resourceVersionMatch', 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'));
  } else if (match !== 'NotOlderThan') {
    const field = 'resourceVersionMatch';
    errors.push(match ? notSupported(field, match, ['NotOlderThan']) : forbiddenField(field, 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'));
  }
  if (errors.length > 0) throw invalidObject({ group: 'meta.k8s.io', plural: 'listoptions', kind: 'ListOptions' }, '', errors);
}
