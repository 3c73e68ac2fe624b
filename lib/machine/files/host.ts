// What lies on a host's disk before anybody works on it.
import { DirectoryNode, file, type Inode, link, special } from './inode.ts';
import { kernelConfig } from './kernel-config.ts';

interface Host {
  readonly hostname: string;
  readonly ip: string;
  readonly machineId: string;
  readonly os: { image: string; kernel: string };
  readonly swap: number;
}

type Tree = { [name: string]: Tree | Inode };

const isInode = (value: Tree | Inode): value is Inode => typeof value['kind'] === 'string';

/** A directory of what is named: `{ etc: { hostname: file('web') }, tmp: {} }`. */
export function directory(tree: Tree, mode = 0o755): DirectoryNode {
  const out = new DirectoryNode({ mode });
  for (const [name, value] of Object.entries(tree)) out.entries.set(name, isInode(value) ? value : directory(value));
  return out;
}

export const devices = (): Tree => ({
  null: special('char', { device: 'null' }),
  zero: special('char', { device: 'zero' }),
  random: special('char', { device: 'random' }),
  urandom: special('char', { device: 'random' }),
  tty: special('char', { device: 'terminal' }),
  stdin: link('/proc/self/fd/0'),
  stdout: link('/proc/self/fd/1'),
  stderr: link('/proc/self/fd/2'),
  shm: new DirectoryNode({ mode: 0o1777 }),
});

export function hostFiles({ hostname, ip, machineId, os, swap }: Host): DirectoryNode {
  const [, name = os.image, version = ''] = /^(\D+?)\s*([\d.]*)/.exec(os.image) ?? [];
  return directory({
    bin: link('usr/bin'),
    boot: { [`config-${os.kernel}`]: file(kernelConfig(os.kernel)) },
    dev: { ...devices(), sda: special('block', { mode: 0o660 }) },
    etc: {
      apt: { 'sources.list.d': {} },
      fstab: file(`/dev/sda1\t/\text4\tdefaults\t0 1\n${swap > 0 ? '/swap.img\tnone\tswap\tsw\t0 0\n' : ''}`),
      group: file('root:x:0:\nsudo:x:27:\n'),
      hostname: file(`${hostname}\n`),
      hosts: file(`127.0.0.1\tlocalhost\n${ip}\t${hostname}\n`),
      'machine-id': file(`${machineId}\n`, { mode: 0o444 }),
      'os-release': file(`PRETTY_NAME="${os.image}"\nNAME="${name}"\nVERSION_ID="${version}"\n`),
      passwd: file('root:x:0:0:root:/root:/bin/bash\n'),
      'resolv.conf': file('nameserver 8.8.8.8\n'),
      kubernetes: { manifests: {} },
      'update-manager': { 'release-upgrades': file('[DEFAULT]\nPrompt=lts\n') },
    },
    home: {},
    mnt: {},
    opt: { cni: { bin: {} } },
    proc: new DirectoryNode({ mode: 0o555 }),
    root: new DirectoryNode({ mode: 0o700 }),
    run: {},
    srv: {},
    sys: new DirectoryNode({ mode: 0o555 }),
    tmp: new DirectoryNode({ mode: 0o1777 }),
    usr: { bin: {}, lib: {}, local: { bin: {} }, share: {} },
    var: { lib: { kubelet: { pods: {} } }, log: { containers: {}, pods: {} }, run: link('/run'), tmp: new DirectoryNode({ mode: 0o1777 }) },
  });
}
