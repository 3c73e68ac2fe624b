// What the runtime is told of a container. Thousands are made at once, so what few look at is worked out when they do.
import { bytes, type Container, cpuMilli } from '../api/index.ts';
import type { ContainerConfig, Credentials, DirectoryNode, FileNode, ImageStatus, Mount, Privileges } from '../machine/index.ts';
import { environment, expand } from './environment.ts';
import type { PodParts } from './pod-parts.ts';
import { hostnameOf } from './pod-files.ts';
import { privilegesOf, userOf, verifyNonRoot } from './security.ts';
import { mountsOf, subPathNode } from './volumes/mounts.ts';
import { PodVolumes } from './volumes/pod-volumes.ts';
import type { Worker } from './worker.ts';

export type ContainerParts = Pick<PodParts, 'sources' | 'machine' | 'runtime' | 'network' | 'disks'>;

export class PodContainer implements ContainerConfig {
  readonly name: string;
  readonly image: ImageStatus;
  readonly attempt: number;
  readonly command: readonly string[] | undefined;
  readonly args: readonly string[] | undefined;
  readonly memoryLimit: number | undefined;
  readonly user: Credentials | undefined;
  readonly container: Container;
  /** As they are now: a resize changes them. */
  resources: ContainerConfig['resources'];
  readonly worker: Worker;
  readonly parts: ContainerParts;
  readonly variables: Readonly<Record<string, string>>;
  /** Mounts that show a part of a volume: which part is decided now. */
  readonly subPaths: ReadonlyMap<string, DirectoryNode | FileNode> | undefined;

  constructor(worker: Worker, container: Container, image: ImageStatus, attempt: number, parts: ContainerParts) {
    const limit = container.resources?.limits?.['memory'];
    this.name = container.name;
    this.image = image;
    this.attempt = attempt;
    this.container = container;
    this.resources = container.resources as ContainerConfig['resources'];
    this.worker = worker;
    this.parts = parts;
    verifyNonRoot(worker.pod, container, image);
    this.variables = environment(worker.pod, container, parts.sources);
    this.command = expandAll(container.command, this.variables);
    this.args = expandAll(container.args, this.variables);
    this.memoryLimit = limit === undefined ? undefined : bytes(limit);
    this.user = userOf(worker.pod, container, image);
    this.subPaths = this.#subPaths();
  }

  get stdin(): boolean {
    return this.container.stdin ?? false;
  }
  get stdinOnce(): boolean {
    return this.container.stdinOnce ?? false;
  }
  get tty(): boolean {
    return this.container.tty ?? false;
  }
  get cpuLimit(): number | undefined {
    const limit = this.resources?.limits?.['cpu'];
    return limit === undefined ? undefined : cpuMilli(limit) / 1000;
  }
  /** As the kubelet's MilliCPUToShares makes of the request; without one of the limit. */
  get cpuShares(): number {
    const { requests, limits } = this.resources ?? {};
    const asked = requests?.['cpu'] ?? limits?.['cpu'];
    return asked === undefined ? 2 : Math.max(2, Math.floor((cpuMilli(asked) * 1024) / 1000));
  }
  get workingDir(): string | undefined {
    return this.container.workingDir;
  }
  get terminationMessagePath(): string | undefined {
    return this.container.terminationMessagePath;
  }
  get messageFromLogs(): boolean {
    return this.container.terminationMessagePolicy === 'FallbackToLogsOnError';
  }
  get readOnlyRoot(): boolean {
    return this.container.securityContext?.readOnlyRootFilesystem ?? false;
  }
  get processesOf(): string | undefined {
    if (this.worker.pod.spec.shareProcessNamespace) return '';
    return (this.container as { targetContainerName?: string }).targetContainerName;
  }
  get privileges(): Privileges | undefined {
    return privilegesOf(this.worker.pod, this.container);
  }

  env(): Readonly<Record<string, string>> {
    return this.variables;
  }

  mounts(): readonly Mount[] {
    const { worker, subPaths } = this;
    const { machine, runtime, network } = this.parts;
    const { pod } = worker;
    const facts = { ips: runtime.pods.get(worker.uid)?.ips ?? [''], dnsAddress: network.dnsAddress, hostname: pod.spec.hostNetwork ? machine.hostname : hostnameOf(pod), hostFile: (path: string) => machine.files.read(path) ?? '', runtime: runtime.name };
    return mountsOf(this.container, { pod, machine, volumes: this.#volumes(), facts, subPaths });
  }

  #volumes(): PodVolumes {
    return (this.worker.volumes ??= new PodVolumes(this.worker, this.parts));
  }

  #subPaths(): Map<string, DirectoryNode | FileNode> | undefined {
    const { volumeMounts } = this.container;
    if (!volumeMounts?.some((mount) => mount.subPath || mount.subPathExpr)) return undefined;
    const mounts = volumeMounts.filter((mount) => mount.subPath || mount.subPathExpr);
    return new Map(mounts.map((mount) => [mount.mountPath, subPathNode(mount, this.container, { volumes: this.#volumes(), variables: this.variables })]));
  }
}

function expandAll(words: readonly string[] | undefined, variables: Readonly<Record<string, string>>): readonly string[] | undefined {
  if (!words) return undefined;
  for (const word of words) if (word.includes('$')) return words.map((one) => expand(one, variables));
  return words;
}
