// Kinds that the API server lists in discovery but does not serve yet. One line a kind.
import type { Resource, ServedVersion, Subresource } from '../resource.ts';
import { allVerbs } from '../resource.ts';

/**
 * group | Kind | plural | `n`amespaced or `c`luster | versions | short names | categories | subresources, or verbs where they are not the usual ones | etcd path
 *
 * `/status@v1` is a subresource of that API version only. A version may carry the minor releases that serve it: `v1@21-` since 1.21, `v1beta1@-24` up to 1.24. Alpha versions end with 1.20:
 * that release was recorded with `--runtime-config=api/all=true`, newer ones list what is on by default.
 */
const table = `
authentication.k8s.io|SelfSubjectReview|selfsubjectreviews|c|v1@28-|||create
networking.k8s.io|IPAddress|ipaddresses|c|v1@33-|ip||
networking.k8s.io|ServiceCIDR|servicecidrs|c|v1@33-|||/status
internal.apiserver.k8s.io|StorageVersion|storageversions|c|v1alpha1@20-20|||/status
`;

const words = (text = '') => text.split(' ').filter(Boolean);

function servedVersion(text: string): ServedVersion {
  const [version, range] = text.split('@');
  const [since, until] = range?.split('-') ?? [];
  return { version, ...(since && { since: Number(since) }), ...(until && { until: Number(until) }) };
}

function subresource(text: string): Subresource {
  const [name, apiVersion] = text.split('@');
  const verbs = ['get', 'patch', 'update'];
  if (name === 'scale') return { name, kind: 'Scale', group: 'autoscaling', version: 'v1', verbs };
  return { name: name as Subresource['name'], verbs, ...(apiVersion && { apiVersions: [apiVersion] }) };
}

function row(line: string): Resource {
  const [group, kind, plural, scope, versions, shortNames, categories, more, etcdPath] = line.split('|');
  const subresources = words(more).filter((word) => word.startsWith('/')).map((word) => subresource(word.slice(1)));
  const verbs = words(more).filter((word) => !word.startsWith('/'));
  return {
    kind,
    group,
    plural,
    singular: kind.toLowerCase(),
    namespaced: scope === 'n',
    versions: words(versions).map(servedVersion),
    etcdPath: etcdPath ?? plural,
    verbs: verbs.length > 0 ? verbs : allVerbs,
    ...(shortNames && { shortNames: words(shortNames) }),
    ...(categories && { categories: words(categories) }),
    ...(subresources.length > 0 && { subresources }),
    discoveryOnly: true,
  };
}

export const discoveryOnly: readonly Resource[] = table.trim().split('\n').map(row);
