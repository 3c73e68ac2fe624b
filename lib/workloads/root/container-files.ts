// The file system of a container: a copy of its image, what every container has in /dev and /proc, what is mounted.
import { type ContainerConfig, type Credentials, devices, directory, DirectoryNode, file, type FileNode, FileView, type Machine, type Mount } from '../../machine/index.ts';
import type { Image } from '../images.ts';
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
}

export function containerFiles({ image, config, argv, machine, user, hostname, terminationLog, memory }: Parts): FileView {
  const { privileges = { privileged: false, mayEscalate: true, add: [], drop: [] } } = config;
  const template = imageFiles(image);
  const root = new DirectoryNode(template, template);
  const name = file(`${hostname}\n`);
  const mounts: Mount[] = [
    mounted('/proc', 'proc', () => procFiles({ argv, machine, user, privileges, memory })),
    mounted('/dev', 'tmpfs', () => directory(devices())),
    { path: '/etc/hostname', file: true, source: () => name },
    ...config.mounts(),
  ];
  if (config.terminationMessagePath) mounts.push({ path: config.terminationMessagePath, file: true, source: () => terminationLog });
  if (config.workingDir) new FileView({ root, clock: machine.clock }).makeDirectories(config.workingDir);
  return new FileView({ root, mounts, credentials: user, readOnly: config.readOnlyRoot ?? false, clock: machine.clock });
}

function mounted(path: string, type: string, make: () => DirectoryNode): Mount {
  let node: DirectoryNode | undefined;
  return { path, type, source: () => (node ??= make()) };
}
