// Which kinds the server can read at all, whether or not a path serves them.
import { resources, servedVersions } from './kinds/index.ts';
import type { Version } from './version.ts';

/** Kinds of every group version. */
const common = ['CreateOptions', 'DeleteOptions', 'ExportOptions', 'GetOptions', 'ListOptions', 'PatchOptions', 'UpdateOptions', 'WatchEvent'];

/** Kinds that no path of their own serves, and those of old versions that are still read (staging/src/k8s.io/api). */
const unserved: Record<string, string> = {
  v1: 'EphemeralContainers List NodeProxyOptions PodAttachOptions PodExecOptions PodLogOptions PodPortForwardOptions PodProxyOptions PodStatusResult RangeAllocation SerializedReference ServiceProxyOptions Status',
  'apps/v1beta1': 'ControllerRevision Deployment DeploymentRollback Scale StatefulSet',
  'apps/v1beta2': 'ControllerRevision DaemonSet Deployment ReplicaSet Scale StatefulSet',
  'authentication.k8s.io/v1': 'TokenRequest',
  'autoscaling/v1': 'Scale',
  'batch/v1beta1': 'JobTemplate',
  'batch/v2alpha1': 'JobTemplate',
  'extensions/v1beta1': 'DaemonSet Deployment DeploymentRollback NetworkPolicy PodSecurityPolicy ReplicaSet Scale',
  'policy/v1beta1': 'Eviction',
};

const tables = new Map<string, Map<string, Set<string>>>();

function kindsOf(version: Version): Map<string, Set<string>> {
  const known = tables.get(version.gitVersion);
  if (known) return known;
  const table = new Map<string, Set<string>>();
  const add = (apiVersion: string, kinds: readonly string[]) => {
    const found = table.get(apiVersion) ?? new Set(common);
    for (const kind of kinds) found.add(kind).add(`${kind}List`);
    table.set(apiVersion, found);
  };
  for (const [apiVersion, kinds] of Object.entries(unserved)) add(apiVersion, kinds.split(' '));
  for (const resource of resources) for (const served of servedVersions(resource, version)) add(resource.group ? `${resource.group}/${served}` : served, [resource.kind]);
  tables.set(version.gitVersion, table);
  return table;
}

export function isKnownKind(apiVersion: string, kind: string, version: Version): boolean {
  return kindsOf(version).get(apiVersion)?.has(kind) ?? false;
}
