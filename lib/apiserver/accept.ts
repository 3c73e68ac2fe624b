// In which form a client wants its answer: the object, a Table, or only the metadata.
import { badRequest, type KubeObject, type Resource, StatusError } from '../api/index.ts';
import type { ObjectList } from './request.ts';
import type { ApiServer } from './server.ts';
import { toTable } from './table.ts';

interface Wanted {
  type: string;
  /** `Table`, `PartialObjectMetadata`, `PartialObjectMetadataList`; missing for the object itself. */
  as?: string;
  apiVersion?: string;
}

const mediaTypes = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];
/** Differs from Kubernetes: protobuf is named in the refusal, as the real server would, but not spoken. */
const spoken = mediaTypes.slice(0, 2);
/** What also a part of an object (its status, its scale) or a review can be had as: these have no Table. */
export const metadataForms = ['PartialObjectMetadata', 'PartialObjectMetadataList'];
const forms = ['Table', ...metadataForms];

const parts = (accept: string) => accept.split(',').map((part) => part.split(';').map((word) => word.trim()));
const notAcceptable = (message: string) => new StatusError('NotAcceptable', 406, message);

/** Routes know whole media types only; a request for none of them finds no route. */
export function checkRouted(accept = ''): void {
  if (accept && !parts(accept).some(([type = '']) => type === '*/*' || mediaTypes.includes(type))) throw new StatusError('NotAcceptable', 406, '406: Not Acceptable', {});
}

/** The first form of an Accept header that we can give. */
export function wantedForm(accept = '*/*', allowed: readonly string[] = forms): Wanted {
  for (const [type = '', ...parameters] of parts(accept)) {
    if (type !== '*/*' && type !== 'application/*' && !spoken.includes(type)) continue;
    const { as, g, v } = Object.fromEntries(parameters.map((parameter) => parameter.split('=')));
    if (as === undefined) return { type };
    if (allowed.includes(as) && g === 'meta.k8s.io' && (v === 'v1' || v === 'v1beta1')) return { type, as, apiVersion: `${g}/${v}` };
  }
  throw notAcceptable(`only the following media types are accepted: ${mediaTypes.join(', ')}`);
}

/** How an answer is to be written: `application/json` or `application/yaml`. Throws NotAcceptable for anything else. */
export function mediaTypeOf(accept?: string): string {
  const { type } = wantedForm(accept);
  return spoken.includes(type) ? type : spoken[0]!;
}

/** Discovery is answered as it is, or not at all. */
export function checkPlainForm(accept: string | undefined): void {
  wantedForm(accept || undefined, []);
}

/**
 * Puts an answer into the form that was asked for.
 * Differs from Kubernetes: the body is data in any case; nothing is written as YAML or protobuf.
 */
export function inWantedForm(server: ApiServer, resource: Resource, body: unknown, { accept = '*/*', includeObject = 'Metadata' } = {}): unknown {
  const { as, apiVersion } = wantedForm(accept);
  if (typeof body === 'string') return body;
  const { kind, items, metadata } = body as ObjectList;
  if (as === undefined) return items ? plainList(resource, body as ObjectList) : body;
  if (as === 'Table') return asTable(server, resource, body, { apiVersion, includeObject });
  if (!items && kind !== resource.kind) return body;
  if (!items !== (as === 'PartialObjectMetadata')) throw otherForm(resource, as, items !== undefined);
  const partial = (object: KubeObject) => ({ kind: 'PartialObjectMetadata', apiVersion, metadata: object.metadata });
  return items ? { kind: as, apiVersion, metadata, items: items.map(partial) } : partial(body as KubeObject);
}

function asTable(server: ApiServer, resource: Resource, body: unknown, options: { apiVersion?: string; includeObject: string }): unknown {
  if (['', 'None', 'Metadata', 'Object'].includes(options.includeObject)) return toTable(server, resource, body, options);
  throw badRequest(`Unable to convert to Table as requested: includeObject: Invalid value: ${JSON.stringify(options.includeObject)}: must be 'Metadata', 'Object', 'None', or empty`);
}

/** Items of custom kinds say what they are, and their list says that nothing follows. */
function plainList(resource: Resource, list: ObjectList): unknown {
  if ('schemaOf' in resource) return { ...list, metadata: { continue: '', ...list.metadata } };
  return { ...list, items: list.items.map(withoutType) };
}

/** The items of a list do not repeat what the list says. */
function withoutType({ kind: _kind, apiVersion: _apiVersion, ...rest }: KubeObject): Omit<KubeObject, 'kind' | 'apiVersion'> {
  return rest;
}

function otherForm({ group, kind, listKind = `${kind}List` }: Resource, as: string, isList: boolean): StatusError {
  const type = `*${group === '' ? 'core' : group.split('.')[0]}.${isList ? listKind : kind}`;
  return notAcceptable(`you requested ${as}, but the requested object is ${isList ? 'a' : 'not a'} list (${type})`);
}
