// What a container's process finds: its host's name and addresses, its environment, its files, what it may do.
import { type ContainerConfig, type Credentials, type DirectoryNode, file, type FileNode, type FileView, type Privileges, superuser, usageOf } from '../machine/index.ts';
import type { Clock, Random } from '../sim/index.ts';
import type { CommandLine } from './command-line.ts';
import type { CpuAccount } from './cpu.ts';
import type { Image } from './images.ts';
import { type Namespaces, namespacesOf } from './namespaces.ts';
import { toolsOf } from './programs/tools.ts';
import { containerFiles } from './root/container-files.ts';
import { imageFiles } from './root/image-files.ts';
import { capabilitiesOf } from './root/proc.ts';
import { homeOf, imageUser, passwd } from './root/users.ts';
import type { Surroundings } from './surroundings.ts';

/** Of a container that asks for nothing. */
const usualPrivileges: Privileges = { privileged: false, mayEscalate: true, add: [], drop: [] };

export abstract class ContainerInside {
  abstract readonly id: string;
  abstract readonly cpu: CpuAccount;
  /** Why it ended. */
  abstract readonly reason: string;
  readonly config: ContainerConfig;
  readonly pod: Surroundings;
  readonly command: CommandLine;
  /** Bytes in use. */
  memory = 0;
  /** Of its main process, as the host counts. */
  pid = 0;
  readonly #formerRoot: DirectoryNode | undefined;
  #files: FileView | undefined;
  #terminationLog: FileNode | undefined;

  /** `root` is its file system when it ran before. */
  constructor(config: ContainerConfig, command: CommandLine, pod: Surroundings, root?: DirectoryNode) {
    this.config = config;
    this.command = command;
    this.pod = pod;
    this.#formerRoot = root;
  }

  get argv(): readonly string[] {
    return this.command.argv;
  }
  get image(): Image {
    return this.command.image;
  }
  get tools() {
    return toolsOf(this.image);
  }
  get clock(): Clock {
    return this.pod.machine.clock;
  }
  get random(): Random {
    return this.pod.random;
  }
  get hostname(): string {
    return this.pod.hostname;
  }
  get ip(): string {
    return this.pod.ip;
  }
  get ips(): readonly string[] {
    return this.pod.ips;
  }
  get env(): Readonly<Record<string, string>> {
    const { uid } = this.user;
    return { ...this.image.env, HOSTNAME: this.hostname, HOME: uid === 0 ? '/root' : homeOf(passwd, uid), ...this.config.env() };
  }
  get user(): Credentials {
    const { user } = this.image;
    return this.config.user ?? (user ? imageUser(user) : superuser);
  }
  get workingDirectory(): string {
    return this.config.workingDir ?? this.image.workingDir ?? '/';
  }
  get input() {
    const { stdin, tty = false, stdinOnce: once = false } = this.config;
    return stdin ? { tty, once } : undefined;
  }

  get files(): FileView {
    return (this.#files ??= containerFiles(this, { terminationLog: (this.#terminationLog = file('', { mode: 0o666 })), root: this.#formerRoot }));
  }

  /** False while nobody has looked at its files. */
  get filesUsed(): boolean {
    return this.#files !== undefined;
  }

  /** Its own file system, without what is mounted. */
  get root(): DirectoryNode {
    return this.files.root;
  }

  /** Bytes that it wrote beyond its image. */
  protected get written(): number {
    return this.#files ? usageOf(this.#files.root) - usageOf(imageFiles(this.image)) : 0;
  }

  /** What its process wrote for its status. */
  protected get terminationLog(): string {
    return this.#terminationLog?.content ?? '';
  }

  get namespaces(): Namespaces {
    const { sandbox, hostNetwork, machine } = this.pod;
    return namespacesOf({ pid: this.pid, sandbox, hostNetwork, ownCgroup: machine.os.cgroup === 2 });
  }

  get privileges(): Privileges {
    return this.config.privileges ?? usualPrivileges;
  }
  get mayEscalate(): boolean {
    return this.privileges.mayEscalate;
  }
  may(capability: string): boolean {
    return this.user.uid === 0 && capabilitiesOf(this.privileges).has(capability);
  }
}
