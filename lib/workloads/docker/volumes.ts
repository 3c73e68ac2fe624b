// `-v`: directories of the host, and volumes that Docker keeps for a name.
import type { DirectoryNode, FileNode, Machine, Mount } from '../../machine/index.ts';
import type { VolumeMount } from './container.ts';

/** Where a volume lies on the host. */
const volumePath = (name: string): string => `/var/lib/docker/volumes/${name}/_data`;

/** `/data:/var/lib/data:ro`, `cache:/cache`; undefined for what is neither. */
export function parseVolume(text: string): VolumeMount | undefined {
  const [source = '', target, mode] = text.split(':');
  if (!target?.startsWith('/') || (mode !== undefined && !/^(ro|rw)(,\w+)*$/.test(mode))) return undefined;
  return { source, target, readOnly: mode?.startsWith('ro') ?? false };
}

export function mountsOf(volumes: readonly VolumeMount[], machine: Machine): Mount[] {
  return volumes.map(({ source, target, readOnly }) => {
    const path = source.startsWith('/') ? source : volumePath(source);
    // What is missing on the host is made: an empty directory.
    if (!machine.files.find(path)) machine.files.makeDirectories(path);
    const node = machine.files.find(path) as DirectoryNode | FileNode;
    return { path: target, readOnly, file: node.kind === 'file', source: () => node };
  });
}
