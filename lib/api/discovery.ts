// What the API server says it serves: /version, /api, /apis, /apis/GROUP and /apis/GROUP/VERSION. Pure functions of a release.
import { customKinds } from './custom/kinds.ts';
import { byPreference } from './custom/resource.ts';
import { resourcesOf, servedVersions } from './kinds/index.ts';
import type { Resource, Subresource } from './resource.ts';
import { storageVersionHash } from './stored-versions.ts';
import type { Version } from './version.ts';

/** Groups and their versions in the order of preference (cmd/kube-apiserver/app/aggregator.go). */
const preference = `
apiregistration.k8s.io v1 v1beta1
apps v1
events.k8s.io v1 v1beta1
authentication.k8s.io v1 v1beta1
authorization.k8s.io v1 v1beta1
autoscaling v2 v1 v2beta1 v2beta2
batch v1 v1beta1 v2alpha1
certificates.k8s.io v1 v1beta1
networking.k8s.io v1 v1beta1
extensions v1beta1
policy v1 v1beta1
rbac.authorization.k8s.io v1 v1beta1 v1alpha1
storage.k8s.io v1 v1beta1 v1alpha1
admissionregistration.k8s.io v1 v1beta1
apiextensions.k8s.io v1 v1beta1
scheduling.k8s.io v1 v1beta1 v1alpha1
coordination.k8s.io v1 v1beta1
node.k8s.io v1 v1beta1 v1alpha1
discovery.k8s.io v1 v1beta1
flowcontrol.apiserver.k8s.io v1 v1beta3 v1beta2 v1beta1 v1alpha1
internal.apiserver.k8s.io v1alpha1`
  .trim()
  .split('\n')
  .map((line) => line.split(' '));

export interface APIResource {
  name: string;
  singularName: string;
  namespaced: boolean;
  group?: string;
  version?: string;
  kind: string;
  verbs: string[];
  shortNames?: string[];
  categories?: string[];
  storageVersionHash?: string;
}

export interface APIResourceList {
  kind: 'APIResourceList';
  apiVersion?: 'v1';
  groupVersion: string;
  resources: APIResource[];
}

interface GroupVersion {
  groupVersion: string;
  version: string;
}

export interface APIGroup {
  kind?: 'APIGroup';
  apiVersion?: 'v1';
  name: string;
  versions: GroupVersion[];
  preferredVersion: GroupVersion;
}

/** What may be done with a kind in a release. */
export function verbsOf(resource: Resource, release: Version): string[] {
  const lacksCollectionDelete = resource.plural === 'services' && !release.has('service-delete-collection');
  return lacksCollectionDelete ? resource.verbs.filter((verb) => verb !== 'deletecollection') : resource.verbs;
}

/** The subresources of a kind in one API version of a release. */
export function subresourcesOf(resource: Resource, version: string, { minor }: Version): Subresource[] {
  const isServed = ({ since = 0, until = minor, apiVersions }: Subresource) => since <= minor && minor <= until && (apiVersions?.includes(version) ?? true);
  return resource.subresources?.filter(isServed) ?? [];
}

function resourceEntry(resource: Resource, release: Version): APIResource {
  const { plural: name, singular, namespaced, kind, shortNames, categories } = resource;
  const isCustom = 'schemaOf' in resource;
  const singularName = isCustom || release.has('discovery-singular-names') ? singular : '';
  const hash = storageVersionHash(resource, release);
  return { name, singularName, namespaced, kind, verbs: verbsOf(resource, release), ...(shortNames && { shortNames }), ...(categories && { categories }), ...(hash && { storageVersionHash: hash }) };
}

function subresourceEntry({ plural, namespaced, kind }: Resource, sub: Subresource): APIResource {
  const { name, group, version } = sub;
  return { name: `${plural}/${name}`, singularName: '', namespaced, ...(group && { group }), ...(version && { version }), kind: sub.kind ?? kind, verbs: sub.verbs };
}

const byName = (a: APIResource, b: APIResource) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

function resourceList(group: string, version: string, release: Version): APIResourceList | undefined {
  const list: APIResource[] = [];
  for (const resource of resourcesOf(release)) {
    if (resource.group !== group || !servedVersions(resource, release).includes(version)) continue;
    list.push(resourceEntry(resource, release));
    for (const sub of subresourcesOf(resource, version, release)) list.push(subresourceEntry(resource, sub));
  }
  if (list.length === 0) return remoteList(group, version, release);
  // The two groups that are older than API groups leave out the apiVersion of the list itself.
  const legacy = group === '' || group === 'extensions';
  return { kind: 'APIResourceList', ...(!legacy && { apiVersion: 'v1' as const }), groupVersion: group ? `${group}/${version}` : version, resources: list.sort(byName) };
}

function remoteList(group: string, version: string, release: Version): APIResourceList | undefined {
  const resources = customKinds(release).remote.find((one) => one.group === group && one.version === version)?.resources;
  return resources && { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: `${group}/${version}`, resources: [...resources] };
}

function groupEntry([name, ...versions]: string[], release: Version): APIGroup | undefined {
  const served = new Set(resourcesOf(release).filter(({ group }) => group === name).flatMap((resource) => servedVersions(resource, release)));
  const list = versions.filter((version) => served.has(version)).map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return list.length > 0 ? { name: name!, versions: list, preferredVersion: list[0]! } : undefined;
}

function versionInfo({ gitVersion, minor, has }: Version) {
  const { gitCommit, buildDate, goVersion, compiler } = builds[gitVersion] ?? unknownBuild;
  return {
    major: '1',
    minor: String(minor),
    ...(has('version-compatibility') && { emulationMajor: '1', emulationMinor: String(minor), minCompatibilityMajor: '1', minCompatibilityMinor: String(minor - 1) }),
    gitVersion,
    gitCommit,
    gitTreeState: 'clean',
    buildDate,
    goVersion,
    compiler,
    platform: 'linux/amd64',
  };
}

/** Differs from Kubernetes: where the release's own commit and date are not known there are none to tell. */
const unknownBuild = { gitCommit: '', buildDate: '1970-01-01T00:00:00Z', goVersion: '', compiler: '' };

/** What the builds of releases say of themselves. */
const builds: Record<string, typeof unknownBuild> = {
  'v1.20.2': { gitCommit: 'faecb196815e248d3ecfb03c680a4507229c2a56', buildDate: '2021-01-13T13:20:00Z', goVersion: 'go1.15.5', compiler: 'gc' },
  'v1.33.4': { ...unknownBuild, goVersion: 'go1.24.5', compiler: 'gc' },
};

/** Groups of custom kinds come last, by name. */
/** Groups of custom kinds and of other API servers, by their priorities (kube-aggregator, apiregistration/v1/helper). */
function otherGroups(release: Version): APIGroup[] {
  const builtIn = new Set(preference.map(([name]) => name));
  const { rows, remote } = customKinds(release);
  const custom = rows.filter(({ group }) => !builtIn.has(group)).flatMap(({ group, versions }) => versions.map(({ version }) => ({ group, version, ...customPriorities })));
  const all = [...custom, ...remote];
  const groupPriority = (name: string) => Math.max(...all.map((one) => (one.group === name ? one.groupPriority : 0)));
  const names = [...new Set(all.map(({ group }) => group))].sort((a, b) => groupPriority(b) - groupPriority(a) || (a < b ? -1 : 1));
  return names.map((name) => {
    const sorted = all.filter(({ group }) => group === name).sort((a, b) => b.versionPriority - a.versionPriority || byPreference(a.version, b.version));
    const versions = [...new Set(sorted.map(({ version }) => version))].map((version) => ({ groupVersion: `${name}/${version}`, version }));
    return { name, versions, preferredVersion: versions[0]! };
  });
}

/** Of every APIService that a custom kind gets. */
const customPriorities = { groupPriority: 1000, versionPriority: 100 };

const made = new WeakMap<Version, { documents: Discovery; changes: number }>();

/** The discovery documents of one server. They are made anew when somebody has defined a kind. */
export function discovery(release: Version): Discovery {
  const { changes } = customKinds(release);
  let known = made.get(release);
  if (known?.changes !== changes) made.set(release, (known = { documents: documentsOf(release), changes }));
  return known!.documents;
}

function documentsOf(release: Version) {
  const groups = [...preference.map((row) => groupEntry(row, release)).filter((group) => group !== undefined), ...otherGroups(release)];
  const lists = new Map<string, APIResourceList | undefined>();
  return {
    version: () => versionInfo(release),
    /** /api */
    apiVersions: () => ({ kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: '10.0.0.1:6443' }] }),
    /** /apis */
    apiGroupList: () => ({ kind: 'APIGroupList', apiVersion: 'v1', groups }),
    /** /apis/GROUP; undefined when the group is not served. */
    apiGroup(name: string): APIGroup | undefined {
      const group = groups.find((group) => group.name === name);
      return group && { kind: 'APIGroup', apiVersion: 'v1', ...group };
    },
    /** /api/v1 (group '') and /apis/GROUP/VERSION; undefined when it is not served. */
    apiResourceList(group: string, version: string): APIResourceList | undefined {
      const key = `${group}/${version}`;
      if (!lists.has(key)) lists.set(key, resourceList(group, version, release));
      return lists.get(key);
    },
  };
}
export type Discovery = ReturnType<typeof documentsOf>;
