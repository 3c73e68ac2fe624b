// In which form a client wants its answer: the object, a Table, or only the metadata.
import { badRequest, groupVersionOf, hasProtobuf, type KubeObject, type Resource, StatusError } from '../api/index.ts';
import type { ObjectList } from './request.ts';
import type { ApiServer } from './server.ts';
import { toTable } from './table.ts';

export interface Wanted {
  /** Media type of the answer. */
  type: string;
  /** `Table`, `PartialObjectMetadata`, `PartialObjectMetadataList`; missing for the object itself. */
  as?: string;
  apiVersion?: string;
}

export const protobuf = 'application/vnd.kubernetes.protobuf';
const mediaTypes = ['application/json', 'application/yaml', protobuf];
/** A stream is not written as YAML. */
const streamed = [mediaTypes[0]!, protobuf];
const metadataForms = ['PartialObjectMetadata', 'PartialObjectMetadataList'];
const forms = ['Table', ...metadataForms];

/** What an endpoint can give. */
export interface Offer {
  /** Forms besides the object itself. A part of an object (its status, its scale) and a review have no Table. Default: all. */
  forms?: readonly string[];
  /** Custom objects have no protobuf form, though their metadata has. */
  textOnly?: boolean;
  watch?: boolean;
}

/** Differs from Kubernetes: nor have the few built-in kinds that the published types lack. */
export function offerOf(resource: Resource, version: string, subresource?: string): Offer {
  const textOnly = !hasProtobuf(groupVersionOf(resource, version), resource.kind);
  return { forms: subresource || resource.transient ? metadataForms : forms, textOnly };
}

interface Clause {
  type: string;
  as?: string;
  g?: string;
  v?: string;
  q?: string;
  stream?: string;
}

/** The clauses of an Accept header, those first that are wanted most. */
function clausesOf(accept: string): Clause[] {
  const clauses = accept.split(',').map((part): Clause => {
    const [type = '', ...parameters] = part.split(';').map((word) => word.trim());
    return { ...Object.fromEntries(parameters.map((parameter) => parameter.split('='))), type };
  });
  return accept.includes('q=') ? clauses.sort((a, b) => Number(b.q ?? 1) - Number(a.q ?? 1)) : clauses;
}

const notAcceptable = (message: string) => new StatusError('NotAcceptable', 406, message);
const onlyThese = (types: readonly string[]) => notAcceptable(`only the following media types are accepted: ${types.join(', ')}`);

export const accepts = (accept: string, types: readonly string[]) => clausesOf(accept).some(({ type }) => types.includes(type));
export const notRouted = () => new StatusError('NotAcceptable', 406, '406: Not Acceptable', {});

/** Routes know whole media types only; a request for none of them finds no route. */
export function checkRouted(accept = ''): void {
  if (accept && !accepts(accept, ['*/*', ...mediaTypes])) throw notRouted();
}

const candidates = (type: string) => (type === '*/*' || type === 'application/*' ? mediaTypes : mediaTypes.filter((one) => one === type));

/** The first form of an Accept header that the endpoint can give. */
export function wantedForm(accept = '*/*', offer: Offer = {}): Wanted {
  for (const clause of clausesOf(accept)) {
    for (const type of candidates(clause.type)) {
      const form = formOf(clause, type, offer);
      if (!form) continue;
      if (offer.watch && !streamed.includes(type)) throw onlyThese(streamed.map((one) => `${one};stream=watch`));
      return form;
    }
  }
  throw onlyThese(mediaTypes);
}

function formOf({ as, g, v, stream }: Clause, type: string, { forms: allowed = forms, textOnly = false }: Offer): Wanted | undefined {
  if (stream && (stream !== 'watch' || !streamed.includes(type))) return undefined;
  if (as === undefined) return textOnly && type === protobuf ? undefined : { type };
  if (!allowed.includes(as) || g !== 'meta.k8s.io' || (v !== 'v1' && v !== 'v1beta1')) return undefined;
  // A Table holds anything at all, which protobuf cannot say.
  return as === 'Table' && type === protobuf ? undefined : { type, as, apiVersion: `${g}/${v}` };
}

/** How a refusal is written: in the wanted media type; undefined when that is none of ours. */
export function mediaTypeOf(accept?: string): string | undefined {
  try {
    return wantedForm(accept || undefined, { forms: [] }).type;
  } catch {
    return undefined;
  }
}

/** Discovery is answered as it is, or not at all. */
export function plainForm(accept: string | undefined): string {
  return wantedForm(accept || undefined, { forms: [] }).type;
}

/** Puts an answer into the form that was asked for. It is data in any case: who sends it writes it in the media type. */
export function inWantedForm(server: ApiServer, resource: Resource, body: unknown, { wanted: { as, apiVersion }, includeObject = 'Metadata' }: { wanted: Wanted; includeObject?: string }): unknown {
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
