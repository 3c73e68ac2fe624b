// What Ubuntu's archive and Docker's repository offered in July 2020, as far as somebody meets it who installs Docker or ssh.
import type { Machine } from '../../../machine/index.ts';

export interface Package {
  version: string;
  what: string;
  /** `containerd (>= 1.2.6-0ubuntu1~)` */
  depends?: readonly string[];
  recommends?: readonly string[];
  conflicts?: readonly string[];
  /** Names that it stands for; without a version it does not do where one is asked for. */
  provides?: readonly string[];
}

type Archive = Readonly<Record<string, Package>>;

interface Versions {
  docker: string;
  containerd: string;
  runc: string;
  ssh: string;
  upgrader: string;
}

const ubuntu = ({ docker, containerd, runc, ssh, upgrader }: Versions): Archive => ({
  'bridge-utils': { version: '1.5-15ubuntu1', what: 'Utilities for configuring the Linux Ethernet bridge' },
  'cgroupfs-mount': { version: '1.4', what: 'Light-weight package to set up cgroupfs mounts' },
  containerd: { version: containerd, what: 'daemon to control runC', depends: ['runc (>= 1.0.0~rc2~)'] },
  'docker.io': { version: docker, what: 'Linux container runtime', depends: ['containerd (>= 1.2.6-0ubuntu1~)'], recommends: ['pigz', 'cgroupfs-mount', 'ubuntu-fan'] },
  'ncurses-term': { version: '6.1-1ubuntu1.18.04', what: 'additional terminal type definitions' },
  'openssh-client': { version: ssh, what: 'secure shell (SSH) client, for secure access to remote machines', provides: ['ssh-client'] },
  'openssh-server': { version: ssh, what: 'secure shell (SSH) server, for secure access from remote machines', depends: [`openssh-client (= ${ssh})`, 'openssh-sftp-server'], recommends: ['ncurses-term', 'ssh-import-id'], provides: ['ssh-server'] },
  'openssh-sftp-server': { version: ssh, what: 'secure shell (SSH) sftp server module, for SFTP access from remote machines' },
  pigz: { version: '2.4-1', what: 'Parallel Implementation of GZip' },
  runc: { version: runc, what: 'Open Container Project - runtime' },
  ssh: { version: ssh, what: 'secure shell client and server (metapackage)', depends: [`openssh-client (>= ${ssh})`, `openssh-server (>= ${ssh})`] },
  'ssh-import-id': { version: '5.7-0ubuntu1.1', what: 'securely retrieve an SSH public key and install it locally', depends: ['openssh-client'] },
  'ubuntu-fan': { version: '0.12.10', what: 'Ubuntu FAN network support enablement', depends: ['bridge-utils'] },
  'update-manager-core': { version: upgrader, what: 'manage release upgrades' },
});

const releases: Readonly<Record<string, Archive>> = {
  '18.04': {
    ...ubuntu({ docker: '19.03.6-0ubuntu1~18.04.1', containerd: '1.3.3-0ubuntu1~18.04.2', runc: '1.0.0~rc10-0ubuntu1~18.04.2', ssh: '1:7.6p1-4ubuntu0.3', upgrader: '1:18.04.11.13' }),
    docker: { version: '1.5-1build1', what: 'System tray for KDE3/GNOME2 docklet applications' },
  },
  '20.04': {
    ...ubuntu({ docker: '19.03.8-0ubuntu1.20.04', containerd: '1.3.3-0ubuntu2', runc: '1.0.0~rc10-0ubuntu1', ssh: '1:8.2p1-4ubuntu0.1', upgrader: '1:20.04.10' }),
    docker: { version: '1.5-2', what: 'transitional package', depends: ['wmdocker'] },
    wmdocker: { version: '1.5-2', what: 'System tray for KDE3/GNOME2 docklet applications' },
  },
};

const codenames: Readonly<Record<string, string>> = { '18.04': 'bionic', '20.04': 'focal' };

const dockers = (codename: string): Archive => {
  const version = `5:19.03.12~3-0~ubuntu-${codename}`;
  return {
    'containerd.io': { version: '1.2.13-2', what: 'An open and reliable container runtime', conflicts: ['containerd', 'runc'], provides: ['containerd', 'runc'] },
    'docker-ce': { version, what: 'Docker: the open-source application container engine', depends: ['docker-ce-cli', 'containerd.io (>= 1.2.2-3)'], conflicts: ['docker.io'] },
    'docker-ce-cli': { version, what: 'Docker CLI: the open-source application container engine', conflicts: ['docker.io'] },
  };
};

export const releaseOf = ({ os }: Machine): string => /^Ubuntu (\d+\.\d+)/.exec(os.image)?.[1] ?? '';

export const hasArchive = (machine: Machine): boolean => releaseOf(machine) in releases;

/** Undefined for a system whose archive is not here. */
export function archiveOf(machine: Machine): Archive | undefined {
  const release = releaseOf(machine);
  const own = releases[release];
  if (!own) return undefined;
  const { files } = machine;
  const folder = '/etc/apt/sources.list.d';
  const added = files.isDirectory(folder) ? files.list(folder).map((name) => files.read(`${folder}/${name}`) ?? '').join('\n') : '';
  return /^deb .*download\.docker\.com\/linux\/ubuntu/m.test(added) ? { ...own, ...dockers(codenames[release]!) } : own;
}

/** Files that can be downloaded and given to dpkg: `docker-ce_…_amd64.deb`. */
export const downloadable = (machine: Machine): Archive => dockers(codenames[releaseOf(machine)] ?? '');
