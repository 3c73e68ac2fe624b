// In which form a client wants its answer: the object, a Table, or only the metadata.
import { type KubeObject, type Resource, StatusError } from '../api/index.ts';
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

/** How an answer is to be written: `application/json` or `application/yaml`. Throws NotAcceptable for anything else. */
export function mediaTypeOf(accept = '*/*'): string {
  const { type } = wantedForm(accept);
  return spoken.includes(type) ? type : spoken[0]!;
}

/** The first form of an Accept header that we can give. */
function wantedForm(accept: string): Wanted {
  for (const part of accept.split(',')) {
    const [type = '', ...parameters] = part.split(';').map((word) => word.trim());
    if (type !== '*/*' && type !== 'application/*' && !spoken.includes(type)) continue;
    const { as, g, v } = Object.fromEntries(parameters.map((parameter) => parameter.split('=')));
    if (as === undefined) return { type };
    if (g === 'meta.k8s.io' && (v === 'v1' || v === 'v1beta1')) return { type, as, apiVersion: `${g}/${v}` };
  }
  throw new StatusError('NotAcceptable', 406, `only the following media types are accepted: ${mediaTypes.join(', ')}`);
}

/**
 * Puts an answer into the form that was asked for. Throws NotAcceptable when there is none.
 * Differs from Kubernetes: the body is data in any case; nothing is written as YAML or protobuf.
 */
export function inWantedForm(server: ApiServer, resource: Resource, body: unknown, { accept = '*/*', includeObject = 'Metadata' } = {}): unknown {
  const { as, apiVersion } = wantedForm(accept);
  if (as === undefined || typeof body === 'string') return body;
  if (as === 'Table') return toTable(server, resource, body, { apiVersion, includeObject });
  const { kind, items, metadata } = body as ObjectList;
  const partial = (object: KubeObject) => ({ kind: 'PartialObjectMetadata', apiVersion, metadata: object.metadata });
  if (as === 'PartialObjectMetadataList' && items) return { kind: as, apiVersion, metadata, items: items.map(partial) };
  return as === 'PartialObjectMetadata' && kind === resource.kind ? partial(body as KubeObject) : body;
}
