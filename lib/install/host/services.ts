// The services that a host of kubeadm has: container runtimes at their sockets, a kubelet that waits, whatever else listens.
import { loadModule, type Machine, special } from '../../machine/index.ts';
import type { DockerEngine } from '../../workloads/index.ts';
import { type CriDial, criErrors } from '../kubeadm/index.ts';

export type RuntimeName = 'docker' | 'containerd' | 'cri-o' | 'cri-dockerd';

const sockets: Readonly<Record<string, string>> = { docker: '/run/docker.sock', containerd: '/run/containerd/containerd.sock', 'cri-o': '/run/crio/crio.sock', 'cri-dockerd': '/run/cri-dockerd.sock' };
const unitNames: Readonly<Record<RuntimeName, string>> = { docker: 'docker', containerd: 'containerd', 'cri-o': 'crio', 'cri-dockerd': 'cri-docker' };
const descriptions: Readonly<Record<RuntimeName, string>> = { docker: 'Docker Application Container Engine', containerd: 'containerd container runtime', 'cri-o': 'Container Runtime Interface for OCI (CRI-O)', 'cri-dockerd': 'CRI Interface for Docker Application Container Engine' };

const configOfContainerd = '/etc/containerd/config.toml';
const configOfDocker = '/etc/docker/daemon.json';

export interface Runtimes {
  running(name: RuntimeName): boolean;
  cri(socket: string): CriDial;
}

/**
 * Docker brings a containerd along, whose packaged configuration does not speak CRI. The socket of Docker is docker.socket's, and stays.
 * Differs from systemd: docker.socket does not start Docker when somebody comes.
 */
export function addRuntimes(machine: Machine, { names, engine }: { names: readonly RuntimeName[]; engine: DockerEngine }): Runtimes {
  const all = new Set<RuntimeName>(names.includes('docker') ? ['containerd', ...names] : names);
  let speaksCri = true;
  const starts: Record<string, () => void> = {
    docker: () => startDocker(machine, engine),
    containerd: () => void (speaksCri = !/^\s*disabled_plugins\s*=.*"cri"/m.test(machine.files.read(configOfContainerd) ?? '')),
  };
  for (const name of all) machine.addUnit(unitNames[name], { description: descriptions[name], service: { start: () => (starts[name]?.(), putSocket(machine, sockets[name]!)), stop: () => name !== 'docker' && removeSocket(machine, sockets[name]!) } });
  if (all.has('docker')) putSocket(machine, sockets['docker']!);
  const running = (name: RuntimeName) => machine.units.get(unitNames[name])?.state === 'active';
  if (names.includes('docker') && !names.includes('containerd')) {
    machine.files.makeDirectories('/etc/containerd');
    machine.files.write(configOfContainerd, 'disabled_plugins = ["cri"]\n');
  }
  return {
    running,
    cri(socket) {
      const path = socket.replace('unix://', '');
      const name = ([...all] as RuntimeName[]).find((one) => path === `/var${sockets[one]}` || path === sockets[one]);
      if (!name || name === 'docker' || !running(name)) return { error: criErrors.missing(path) };
      return name === 'containerd' && !speaksCri ? { error: criErrors.disabled } : serviceOf(engine);
    },
  };
}

function putSocket({ files }: Machine, path: string): void {
  files.makeDirectories(path.slice(0, path.lastIndexOf('/')));
  if (!files.find(path)) files.makeSpecial(path, special('socket', { mode: 0o660 }));
}

function removeSocket({ files }: Machine, path: string): void {
  if (files.find(path)) files.remove(path);
}

/** dockerd reads its file, and makes the host one that passes packets on. Differs from Docker: of the file only the driver of the control groups counts. */
function startDocker(machine: Machine, engine: DockerEngine): void {
  machine.sysctl.set('net.ipv4.ip_forward', '1');
  loadModule(machine, 'br_netfilter');
  const text = machine.files.read(configOfDocker);
  engine.cgroupDriver = text === undefined ? undefined : /native\.cgroupdriver=(\w+)/.exec(text)?.[1];
}

const serviceOf = ({ runtime }: DockerEngine): Exclude<CriDial, { error: string }> => ({
  hasImage: (image) => runtime.imageService.store.find(image) !== undefined,
  *pull(image) {
    let ended: { error: string | undefined } | undefined;
    runtime.pull(image, (error) => void (ended = { error }));
    while (!ended) yield 100;
    return ended.error;
  },
});

/** Something that holds a port: `{ 6443: 'nginx' }`. It is a service that starts with the machine. */
export function addListeners(machine: Machine, ports: Readonly<Record<number, string>>): void {
  const names = new Set(Object.values(ports));
  for (const name of names) {
    const own = Object.entries(ports).filter(([, other]) => other === name).map(([port]) => Number(port));
    const unit = machine.addUnit(name, { description: `${name} service`, service: { start: () => own.forEach((port) => machine.listening.set(port, name)), stop: () => own.forEach((port) => machine.listening.delete(port)) } });
    unit.start();
  }
}
