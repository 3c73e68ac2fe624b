// Where a container finds its pod's volumes, and the files that the kubelet adds (makeMounts of pkg/kubelet).
import type { Container, Pod } from '../../api/index.ts';
import { DirectoryNode, type FileNode, type Inode, joinPath, type Machine, type Mount } from '../../machine/index.ts';
import { expand } from '../environment.ts';
import { hostsFile, type PodFacts, resolverFile } from '../pod-files.ts';
import { ConfigError } from '../references.ts';
import { ownFile, podDirectory } from './host-path.ts';
import type { PodVolumes } from './pod-volumes.ts';

type VolumeMount = NonNullable<Container['volumeMounts']>[number];

/** The part of a volume that a mount shows, worked out once: what comes after does not change it. */
export function subPathNode(mount: VolumeMount, container: Container, { volumes, variables }: { volumes: PodVolumes; variables: Readonly<Record<string, string>> }): DirectoryNode | FileNode {
  const path = subPathOf(mount, variables);
  const { node } = volumes.get(mount.name);
  const parts = path.split('/').filter((part) => part && part !== '.');
  let [at, trail]: [Inode, DirectoryNode[]] = [node, []];
  const queue = [...parts];
  for (let steps = 0; queue.length > 0; steps++) {
    const part = queue.shift()!;
    if (at.kind !== 'directory' || steps > 100) throw new ConfigError(`failed to prepare subPath for volumeMount ${JSON.stringify(mount.name)} of container ${JSON.stringify(container.name)}`);
    let next: Inode | undefined = at.entries.get(part);
    if (!next) at.entries.set(part, (next = new DirectoryNode({ mode: node.mode, gid: node.gid })));
    if (next.kind === 'link') queue.unshift(...next.target.split('/').filter(Boolean));
    else {
      trail = [...trail, at];
      at = next;
    }
  }
  return at as DirectoryNode | FileNode;
}

function subPathOf({ subPath, subPathExpr }: VolumeMount, variables: Readonly<Record<string, string>>): string {
  if (!subPathExpr) return subPath ?? '';
  const path = expand(subPathExpr, variables, (_, name) => {
    throw new ConfigError(`missing value for ${JSON.stringify(name)}`);
  });
  if (path.startsWith('/')) throw new ConfigError(`error SubPath \`${path}\` must not be an absolute path`);
  if (path.split('/').includes('..')) throw new ConfigError(`unable to provision SubPath \`${path}\`: must not contain '..'`);
  return path;
}

export interface MountSources {
  pod: Pod;
  machine: Machine;
  volumes: PodVolumes;
  facts: PodFacts;
  /** Mounts with a sub-path, as they were when the container was made. */
  subPaths: ReadonlyMap<string, DirectoryNode | FileNode> | undefined;
}

export function mountsOf(container: Container, sources: MountSources): Mount[] {
  const { volumes, subPaths } = sources;
  const mounts = (container.volumeMounts ?? []).map(({ name, mountPath, readOnly = false }): Mount => {
    const volume = () => volumes.get(name);
    const fixed = subPaths?.get(mountPath);
    const source = fixed ? () => fixed : () => volume().node;
    // Only of hostPath it is not known what it is before somebody looks.
    const file = fixed ? fixed.kind === 'file' : Boolean(sources.pod.spec.volumes?.find((v) => v.name === name)?.hostPath) && volume().node.kind === 'file';
    return { path: mountPath, source, file, get readOnly() { return readOnly || (volume().readOnly ?? false); }, get type() { return volume().type ?? 'ext4'; } };
  });
  return [...mounts, ...ownMounts(sources).filter(({ path }) => !mounts.some((m) => m.path === path))];
}

/** Made once for the pod and seen in all of its containers. */
function ownMounts({ pod, machine, facts }: MountSources): Mount[] {
  const directory = podDirectory(pod.metadata.uid);
  const own = (path: string, name: string, content: () => string): Mount => ({ path, file: true, source: () => ownFile(machine, joinPath(directory, name), content), type: 'ext4' });
  return [
    own('/etc/hosts', 'etc-hosts', () => hostsFile(pod, facts)),
    own('/etc/resolv.conf', 'resolv.conf', () => resolverFile(pod, facts)),
  ];
}
