// The file system of a container: a copy of its image, what every container has in /dev and /proc, what is mounted.
import { type ContainerConfig, type Credentials, devices, directory, DirectoryNode, file, type FileNode, FileView, type Machine, type Mount } from '../../machine/index.ts';
import type { Container } from '../container.ts';
import type { Image } from '../images.ts';
import { ownGroup } from './cgroup.ts';
import { imageFiles } from './image-files.ts';
import { procFiles } from './proc.ts';

interface Parts {
  image: Image;
  config: ContainerConfig;
  argv: readonly string[];
  machine: Machine;
  user: Credentials;
  hostname: string;
  /** What the container leaves behind for its status. */
  terminationLog: FileNode;
  memory(): number;
  /** What it looked like when it ran before. */
  root?: DirectoryNode;
  container: Container;
}

export function containerFiles({ image, config, argv, machine, user, hostname, terminationLog, memory, root = copyOfImage(image), container }: Parts): FileView {
  const { privileges = { privileged: false, mayEscalate: true, add: [], drop: [] } } = config;
  const name = file(`${hostname}\n`);
  const mounts: Mount[] = [
    mounted('/proc', 'proc', () => procFiles({ argv, machine, user, privileges, memory, container })),
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
