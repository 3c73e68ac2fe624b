// Logs as files of the machine: /var/log/pods/NAMESPACE_POD_UID/CONTAINER/N.log, and links to them in /var/log/containers.
import { DirectoryNode, file, type FileNode, type Inode, link, type Machine } from '../machine/index.ts';
import type { Container } from './container.ts';
import { criLine, dockerLine, type LogFile } from './log-book.ts';

interface LoggedPod {
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  readonly containers: readonly Container[];
}

/** A directory that is made when somebody looks into it. Differs from Kubernetes: what is in it cannot be removed. */
class MadeDirectory extends DirectoryNode {
  readonly #make: () => Iterable<[string, Inode]>;

  constructor(make: () => Iterable<[string, Inode]>) {
    super();
    this.#make = make;
  }

  override get entries(): Map<string, Inode> {
    return new Map(this.#make());
  }
}

export function placeLogs(machine: Machine, { pods, docker }: { pods: ReadonlyMap<string, LoggedPod>; docker: boolean }): void {
  const log = machine.files.find('/var/log');
  if (log?.kind !== 'directory') return;
  log.entries.set('pods', new MadeDirectory(() => [...pods.values()].map((pod): [string, Inode] => [directoryOf(pod), podLogs(pod, docker)])));
  log.entries.set('containers', new MadeDirectory(() => [...pods.values()].flatMap(containerLinks)));
  if (!docker) return;
  machine.files.makeDirectories('/var/lib/docker');
  const home = machine.files.find('/var/lib/docker') as DirectoryNode;
  const all = () => [...pods.values()].flatMap(({ containers }) => containers);
  home.entries.set('containers', new MadeDirectory(() => all().map((one): [string, Inode] => [one.id, new MadeDirectory(() => one.logFiles.map((part): [string, Inode] => [`${one.id}-json.log${part.suffix}`, made(part, one.id, true)]))])));
}

const directoryOf = ({ namespace, name, uid }: LoggedPod) => `${namespace}_${name}_${uid}`;
const logPath = (pod: LoggedPod, { config }: Container) => `/var/log/pods/${directoryOf(pod)}/${config.name}/${config.attempt}.log`;

function containerLinks(pod: LoggedPod): [string, Inode][] {
  return pod.containers.filter(({ state }) => state !== 'created').map((one) => [`${pod.name}_${pod.namespace}_${one.config.name}-${one.id}.log`, link(logPath(pod, one))]);
}

function podLogs(pod: LoggedPod, docker: boolean): DirectoryNode {
  const names = [...new Set(pod.containers.map(({ config }) => config.name))];
  return new MadeDirectory(() => names.map((name): [string, Inode] => [name, new MadeDirectory(() => pod.containers.filter(({ config }) => config.name === name).flatMap((one) => filesOf(one, docker)))]));
}

function filesOf({ id, config, logFiles }: Container, docker: boolean): [string, Inode][] {
  if (docker) return [[`${config.attempt}.log`, link(`/var/lib/docker/containers/${id}/${id}-json.log`)]];
  return logFiles.map((part) => [`${config.attempt}.log${part.suffix}`, made(part, id, false)]);
}

const made = ({ at, text, number }: LogFile, container: string, docker: boolean): FileNode => ({
  ...file('', { mode: 0o640, mtime: at }),
  inode: Number.parseInt(container.slice(0, 7), 16) + number,
  read: () => text(docker ? dockerLine : criLine),
});
