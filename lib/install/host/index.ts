// A host that is to become a node: kubeadm, a kubelet and a container runtime are installed, and nothing of it is in order yet.
import { createHost as plainHost, type DockerHost, type HostOptions } from '../../cluster/index.ts';
import { bytes } from '../../api/index.ts';
import { commandLine, type Machine, readCommandLine } from '../../machine/index.ts';
import { kubeadmCommand, type Release, v1_20, v1_33 } from '../kubeadm/index.ts';
import { crictlOf, dockerWhile, kubeletOf, programsLeft } from './programs.ts';
import { addListeners, addRuntimes, type RuntimeName } from './services.ts';

export interface KubeadmHostOptions extends HostOptions {
  /** kubeadm and kubelet of this release are installed: `v1.20` or `v1.33`. Default: none, it is a host with Docker alone. */
  kubernetes?: 'v1.20' | 'v1.33';
  /** Which container runtimes are installed, and run. Default Docker with v1.20, containerd with v1.33. */
  runtimes?: RuntimeName[];
  /** Services that are installed but not running. */
  stopped?: string[];
  /** What holds a port: `{ 6443: 'nginx' }`. */
  listening?: Record<number, string>;
  /** Programs that kubeadm looks for and that are not there. */
  missing?: string[];
}

export interface KubeadmHost extends DockerHost {
  /** Shuts the virtual machine down, gives it other hardware and starts it again, as the owner of the hypervisor may. */
  change(hardware: { cpus?: number; memory?: string | number; mac?: string; productUuid?: string }): void;
}

const releases: Readonly<Record<string, Release>> = { 'v1.20': v1_20, 'v1.33': v1_33 };

/** Makes a host. The same options give the same host, to the byte. */
export function createHost(options: KubeadmHostOptions = {}): KubeadmHost {
  const { kubernetes, os } = options;
  const then = kubernetes !== 'v1.33';
  const host = kubernetes ? withKubeadm({ os: os ?? (then ? 'ubuntu-20.04' : 'ubuntu-24.04'), runtimes: then ? ['docker'] : ['containerd'], ...options }) : plainHost(options);
  const { machine } = host;
  return Object.assign(host, {
    change({ memory, ...hardware }: Parameters<KubeadmHost['change']>[0]) {
      machine.powerOff();
      machine.change({ ...hardware, ...(memory !== undefined && { memory: typeof memory === 'number' ? memory : bytes(memory) }) });
      machine.powerOn();
    },
  });
}

function withKubeadm(options: KubeadmHostOptions): DockerHost {
  const { kubernetes = '', runtimes: names = [], stopped = [], listening = {}, missing = [] } = options;
  const release = releases[kubernetes];
  if (!release) throw new RangeError(`kubernetes는 ${Object.keys(releases).join('이나 ')}이다: ${kubernetes}`);
  return plainHost(options, ({ machine, engine, docker }) => {
    furnish(machine, options);
    const runtimes = addRuntimes(machine, { names, engine });
    machine.addUnit('kubelet', { description: 'kubelet: The Kubernetes Node Agent' });
    for (const unit of machine.units.values()) {
      if (stopped.includes(unit.name)) unit.enabled = false;
      else if (unit.name !== 'kubelet') unit.start();
    }
    restoreForwarding(machine, options);
    addListeners(machine, listening);
    programsLeft(machine, missing);
    const answer = { status: 200, body: release.gitVersion };
    return {
      kubeadm: kubeadmCommand({ machine, release, fetch: () => answer, cri: runtimes.cri }),
      kubelet: kubeletOf(release.gitVersion),
      crictl: crictlOf(runtimes, engine),
      docker: dockerWhile(runtimes, docker),
    };
  });
}

/** Docker switched forwarding on when it started; whoever asked for it off did so afterwards. */
function restoreForwarding(machine: Machine, { sysctl }: KubeadmHostOptions): void {
  for (const [name, value] of Object.entries(sysctl ?? {})) machine.sysctl.set(name, value);
}

const cloudInit = 'network:\n    ethernets:\n        eth0:\n            dhcp4: true\n            optional: true\n    version: 2\n';

function furnish(machine: Machine, { os }: KubeadmHostOptions): void {
  const { files } = machine;
  for (const folder of ['modules-load.d', 'sysctl.d', 'netplan', 'docker']) files.makeDirectories(`/etc/${folder}`);
  files.write('/etc/netplan/50-cloud-init.yaml', cloudInit);
  if (os !== 'raspberry-pi') return;
  files.makeDirectories('/boot/firmware');
  files.write(commandLine, 'net.ifnames=0 dwc_otg.lpm_enable=0 console=serial0,115200 console=tty1 root=LABEL=writable rootfstype=ext4 elevator=deadline rootwait fixrtc\n');
  readCommandLine(machine);
}

