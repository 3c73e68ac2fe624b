// Aggregated discovery (KEP-3352): all groups, versions and resources in one answer of /api or /apis.
import { customKinds } from './custom/index.ts';
import { type APIResource, discovery } from './discovery.ts';
import type { Version } from './version.ts';

const group = 'apidiscovery.k8s.io';

/** `v2` or `v2beta1`, the first that an Accept header asks for and the release speaks; undefined when the plain form is wanted. */
export function aggregatedVersion(accept: string, release: Version): string | undefined {
  if (!release.has('aggregated-discovery')) return undefined;
  const spoken = release.has('aggregated-discovery-v2') ? ['v2', 'v2beta1'] : ['v2beta1'];
  for (const part of accept.split(',')) {
    const [type, ...parameters] = part.split(';').map((word) => word.trim());
    const { as, g, v = '' } = Object.fromEntries(parameters.map((parameter) => parameter.split('=')));
    if (type !== 'application/json') continue;
    if (as === 'APIGroupDiscoveryList' && g === group && spoken.includes(v)) return v;
    if (as === undefined) return undefined;
  }
  return undefined;
}

/** The media type of the answer, which clients tell the two forms apart by. */
export const aggregatedType = (version: string) => `application/json;g=${group};v=${version};as=APIGroupDiscoveryList`;

/** The answer of /api (`legacy`) or /apis. */
export function aggregatedDiscovery(release: Version, { version, legacy }: { version: string; legacy: boolean }) {
  const { apiGroupList } = discovery(release);
  const groups = legacy ? [{ name: '', versions: [{ version: 'v1' }] }] : apiGroupList().groups;
  const items = groups.map(({ name, versions }) => ({
    metadata: { ...(name && { name }), creationTimestamp: null },
    versions: versions.map((one) => ({ version: one.version, resources: resourcesOf(release, name, one.version), freshness: freshnessOf(release, name, one.version) })),
  }));
  return { kind: 'APIGroupDiscoveryList', apiVersion: `${group}/${version}`, metadata: {}, items };
}

/** Of a server that does not answer nothing newer is known. */
const freshnessOf = (release: Version, name: string, version: string) => (customKinds(release).remote.some((one) => one.group === name && one.version === version && !one.available) ? 'Stale' : 'Current');

function resourcesOf(release: Version, name: string, version: string): unknown[] {
  const list = discovery(release).apiResourceList(name, version)?.resources ?? [];
  const kindOf = (entry: APIResource) => ({ group: entry.group ?? name, version: entry.version ?? version, kind: entry.kind });
  return list
    .filter((entry) => !entry.name.includes('/'))
    .map((entry) => {
      const subresources = list.filter((sub) => sub.name.startsWith(`${entry.name}/`));
      return {
        resource: entry.name,
        responseKind: kindOf(entry),
        scope: entry.namespaced ? 'Namespaced' : 'Cluster',
        singularResource: entry.singularName,
        verbs: entry.verbs,
        ...(entry.shortNames && { shortNames: entry.shortNames }),
        ...(entry.categories && { categories: entry.categories }),
        ...(subresources.length > 0 && { subresources: subresources.map((sub) => ({ subresource: sub.name.slice(entry.name.length + 1), responseKind: kindOf(sub), verbs: sub.verbs })) }),
      };
    });
}
