// The file system of a container: a copy of its image, what every container has in /dev and /proc, what is mounted.
import { devices, directory, DirectoryNode, file, type FileNode, FileView, type Mount } from '../../machine/index.ts';
import type { ContainerInside } from '../container-inside.ts';
import type { Image } from '../images.ts';
import { ownGroup } from './cgroup.ts';
import { imageFiles } from './image-files.ts';
import { procFiles } from './proc.ts';

export interface FilesOptions {
  /** What the container leaves behind for its status. */
  terminationLog: FileNode;
  /** What its own files looked like when it ran before. */
  root?: DirectoryNode | undefined;
}

export function containerFiles(container: ContainerInside, { terminationLog, root = copyOfImage(container.image) }: FilesOptions): FileView {
  const { config, hostname, user } = container;
  const { machine } = container.pod;
  const name = file(`${hostname}\n`);
  const mounts: Mount[] = [
    mounted('/proc', 'proc', () => procFiles(container)),
    mounted('/sys/fs/cgroup', machine.os.cgroup === 2 ? 'cgroup2' : 'tmpfs', () => ownGroup(container)),
    mounted('/dev', 'tmpfs', () => directory(devices())),
    { path: '/etc/hostname', file: true, source: () => name },
    ...config.mounts(),
  ];
  if (config.terminationMessagePath) mounts.push({ path: config.terminationMessagePath, file: true, source: () => terminationLog });
  if (config.workingDir) new FileView({ root, clock: machine.clock }).makeDirectories(config.workingDir);
  return new FileView({ root, mounts, credentials: user, readOnly: config.readOnlyRoot ?? false, clock: machine.clock });
}

function copyOfImage(image: Image): DirectoryNode {
  const template = imageFiles(image);
  return new DirectoryNode(template, template);
}

function mounted(path: string, type: string, make: () => DirectoryNode): Mount {
  let node: DirectoryNode | undefined;
  return { path, type, source: () => (node ??= make()) };
}
