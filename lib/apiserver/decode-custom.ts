// Bodies of custom resources: no Go type reads them, only the metadata is one's.
import { badRequest, customKinds, decode, type CustomResource, groupVersionOf, invalidObject, type KubeObject, type Manifest, pruned, type Resource, type Version } from '../api/index.ts';

/** The metadata as every object has it; `unknown` are the fields that the schema will drop. */
export function decodeCustom(row: CustomResource, apiVersion: string, value: Manifest, version: Version): { object: Manifest; unknown: string[] } {
  const read = value.metadata ? decode('meta/v1', 'PartialObjectMetadata', { metadata: value.metadata } as Manifest, { version }) : undefined;
  const unknown = [...(read?.unknown ?? [])];
  if (!row.preserves) pruned(value, row.schemaOf(apiVersion) ?? { 'x-kubernetes-preserve-unknown-fields': true }, { embedded: true, unknown });
  return { object: read && read.object.metadata !== value.metadata ? { ...value, metadata: read.object.metadata } : value, unknown };
}

/** The row of a custom kind, undefined for all others. */
export const customRow = (version: Version, apiVersion: string, kind: string): CustomResource | undefined => customKinds(version).ofKind(apiVersion, kind);

/** A custom object must say itself what it is. */
export function checkCustomType(resource: Resource, version: string, value: Manifest, release: Version): void {
  const wanted = groupVersionOf(resource, version);
  if (!value.kind) {
    const text = JSON.stringify(value);
    const old = `unmarshalerDecoder: Object 'Kind' is missing in '${text}', error found in #${Math.min(10, text.length)} byte of ...|${text.slice(-10)}|..., bigger context ...|${text.slice(-50)}|...`;
    throw badRequest(`${resource.kind} in version "${version}" cannot be handled as a ${resource.kind}: ${release.has('strict-decoding') ? `Object 'Kind' is missing in '${text}'` : old}`);
  }
  if (value.apiVersion && value.apiVersion !== wanted) throw badRequest(`the API version in the data (${value.apiVersion}) does not match the expected API version (${wanted})`);
  if (value.kind !== resource.kind) throw invalidObject({ ...resource, kind: value.kind }, (value as KubeObject).metadata?.name ?? '', [{ type: 'FieldValueInvalid', field: 'kind', message: `Invalid value: ${JSON.stringify(value.kind)}: must be ${resource.kind}` }]);
}
