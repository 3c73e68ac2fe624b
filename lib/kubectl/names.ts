// How kubectl names kinds and objects.
import { findResource, type KubeObject, type Resource, resources as allResources, resourcesOf, servedVersions, type Version } from '../api/index.ts';
import type { Key } from '../client/types.ts';
import type { Info } from './session.ts';

/** `deployment.apps`, `pod`: how the name printer calls a kind. */
export function kindName({ kind, group }: Resource): string {
  return group ? `${kind.toLowerCase()}.${group}` : kind.toLowerCase();
}

/** `deployment.apps/web` */
export const slashName = ({ resource, name }: Pick<Info, 'resource' | 'name'>): string => `${kindName(resource)}/${name}`;

/** `deployments.apps`, `pods` */
export const pluralName = ({ plural, group }: Resource): string => (group ? `${plural}.${group}` : plural);

/** The name under which the client knows a kind: the kind itself unless another group has the same. */
export function clientKind(resource: Resource): string {
  const first = allResources.find(({ kind }) => kind === resource.kind);
  return first === resource ? resource.kind : pluralName(resource);
}

/** `apps/v1`: the version of a kind that a release prefers. */
export function apiVersionOf(resource: Resource, version: Version): string {
  const preferred = servedVersions(resource, version)[0] ?? resource.versions[0]?.version ?? 'v1';
  return resource.group ? `${resource.group}/${preferred}` : preferred;
}

/** `foos.v2.example.com` names a version; otherwise the preferred one is meant. */
export function versionNamed(text: string, resource: Resource, version: Version): string {
  const [, second = '', ...group] = text.split('.');
  const named = group.join('.') === resource.group && servedVersions(resource, version).includes(second);
  return named ? (resource.group ? `${resource.group}/${second}` : second) : apiVersionOf(resource, version);
}

export const keyOf = ({ resource, namespace, name }: Pick<Info, 'resource' | 'namespace' | 'name'>): Key => (resource.namespaced ? { namespace, name } : { name });

/** `apiVersion` is the one to be shown, by default the one that the object came in. */
export function infoOf(resource: Resource, object: KubeObject, apiVersion = object.apiVersion): Info {
  return { resource, namespace: object.metadata.namespace ?? '', name: object.metadata.name, apiVersion, object };
}

/** Splits `apps/v1` into group and version. */
export function splitApiVersion(apiVersion: string): { group: string; version: string } {
  const at = apiVersion.indexOf('/');
  return at < 0 ? { group: '', version: apiVersion } : { group: apiVersion.slice(0, at), version: apiVersion.slice(at + 1) };
}

/** The row of a manifest's kind in a release. */
export function resourceOfKind(kind: string, apiVersion: string, version: Version): Resource | undefined {
  const { group, version: wanted } = splitApiVersion(apiVersion);
  const own = resourcesOf(version).find((row) => row.kind === kind && row.group === group && servedVersions(row, version).includes(wanted));
  if (own || !group) return own;
  // Another API server may have it. Our own kinds are known by versions that this release serves no more.
  const other = findResource(`${kind}.${wanted}.${group}`, version);
  return other && servedVersions(other, version).includes(wanted) ? other : undefined;
}

export { findResource };
